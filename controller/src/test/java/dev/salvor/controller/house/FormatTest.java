package dev.salvor.controller.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds every Java file to google-java-format; run with `-Dsalvor.format=write` it formats them.
final class FormatTest {
  private static final String HOW =
      "mvn -q -pl controller -am test -Dtest=FormatTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dsalvor.format=write";

  @Test
  void every_java_file_is_formatted() throws IOException {
    Repo repo = Repo.here();
    List<SourceFile> java = repo.files().stream().filter(SourceFile::isJava).toList();
    assertThat(java).as("Java files under " + repo.root()).hasSizeGreaterThan(3);
    Path list = repo.root().resolve("controller/target/house/straight");
    Straight before = Straight.read(list);
    List<Crooked> crooked = crookedOf(java.stream().filter(file -> !before.has(file)).toList());
    Set<String> paths = crooked.stream().map(Crooked::path).collect(Collectors.toSet());
    Straight.write(list, java.stream().filter(file -> !paths.contains(file.path())).toList());
    if (System.getProperty("salvor.format", "check").equals("write")) {
      write(repo.root(), crooked);
      crooked = crooked.stream().filter(file -> file.straight().isEmpty()).toList();
    }
    assertThat(crooked.size())
        .as(
            "files to format; this formats them: %s\n%s\n",
            HOW, crooked.stream().map(Crooked::toString).collect(Collectors.joining("\n")))
        .isZero();
  }

  @Test
  void crooked_source_is_found_and_written_straight(@TempDir Path folder) throws IOException {
    String straight = "class A {\n  int b;\n}\n";
    List<Crooked> found =
        crookedOf(
            List.of(
                SourceFile.of("A.java", "import java.util.List;\nclass A{int b;}"),
                SourceFile.of("B.java", straight)));
    assertThat(found).containsExactly(new Crooked("A.java", "", Optional.of(straight)));
    write(folder, found);
    assertThat(folder.resolve("A.java")).hasContent(straight);
    assertThat(folder.resolve("B.java")).doesNotExist();
  }

  @Test
  void source_that_cannot_be_read_is_reported_and_left_alone(@TempDir Path folder)
      throws IOException {
    List<Crooked> found = crookedOf(List.of(SourceFile.of("A.java", "class {")));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().straight()).isEmpty();
    assertThat(found.getFirst().problem()).isNotBlank();
    write(folder, found);
    assertThat(folder.resolve("A.java")).doesNotExist();
  }

  @Test
  void only_text_that_was_straight_is_taken_as_read(@TempDir Path folder) throws IOException {
    Path list = folder.resolve("house/straight");
    var straight = SourceFile.of("A.java", "class A {}\n");
    assertThat(Straight.read(list).has(straight)).isFalse();
    Straight.write(list, List.of(straight));
    assertThat(Straight.read(list).has(straight)).isTrue();
    assertThat(Straight.read(list).has(SourceFile.of("A.java", "class A { }\n"))).isFalse();
  }

  private static List<Crooked> crookedOf(List<SourceFile> java) {
    return java.parallelStream().flatMap(file -> crooked(file).stream()).toList();
  }

  private static Optional<Crooked> crooked(SourceFile file) {
    try {
      String straight = new Formatter().formatSourceAndFixImports(file.text());
      return straight.equals(file.text())
          ? Optional.empty()
          : Optional.of(new Crooked(file.path(), "", Optional.of(straight)));
    } catch (FormatterException e) {
      return Optional.of(new Crooked(file.path(), e.toString(), Optional.empty()));
    }
  }

  private static void write(Path root, List<Crooked> crooked) throws IOException {
    for (Crooked file : crooked) {
      if (file.straight().isPresent()) {
        Files.writeString(root.resolve(file.path()), file.straight().get(), UTF_8);
      }
    }
  }

  private record Crooked(String path, String problem, Optional<String> straight) {
    @Override
    public String toString() {
      return problem.isEmpty() ? path : path + " cannot be formatted: " + problem;
    }
  }
}
