package dev.salvor.controller.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page of gotchas names tests that are there, and has a row for each gotcha.
final class GotchasTest {
  private static final Pattern ROW = Pattern.compile("^\\| (VAST\\d+|U\\d+) \\|(.*)$");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final int STORIES = 13;
  private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

  @Test
  void every_gotcha_has_a_row_and_every_test_that_it_names_is_there() throws IOException {
    Path home = Repo.here().root();
    Set<String> tests = tests(home);
    Set<String> rows = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (String line : Files.readAllLines(home.resolve("docs/gotchas.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(rows.add(row.group(1))).as(row.group(1) + " once").isTrue();
        check(row.group(1), row.group(2), tests, wrong);
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(rows).containsAll(names("VAST", 15)).containsAll(names("U", 44));
  }

  /// Each of the platform's first thirteen is a story from end to end, by its own name.
  @Test
  void every_story_of_the_platform_is_told_under_its_name() throws IOException {
    Path home = Repo.here().root();
    String page = Files.readString(home.resolve("docs/gotchas.md"));
    List<String> untold =
        IntStream.rangeClosed(1, STORIES)
            .mapToObj("E2e#vast%02d_"::formatted)
            .filter(name -> !page.contains(name))
            .toList();
    assertThat(untold).isEmpty();
  }

  private static void check(String id, String text, Set<String> tests, List<String> wrong) {
    Matcher named = NAMED.matcher(text);
    boolean any = false;
    while (named.find()) {
      any = true;
      if (!tests.contains(named.group(1) + "#" + named.group(2))) {
        wrong.add(id + " names no test of ours: " + named.group());
      }
    }
    if (!any && !text.contains("not yet") && !text.contains("not ours")) {
      wrong.add(id + " names no test and does not say why");
    }
  }

  private static Set<String> tests(Path home) throws IOException {
    Set<String> tests = new HashSet<>();
    for (String module : List.of("common", "agent", "controller")) {
      try (Stream<Path> files = Files.walk(home.resolve(module).resolve("src/test/java"))) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(f -> tests.addAll(methods(f)));
      }
    }
    return tests;
  }

  private static List<String> methods(Path file) {
    String type = String.valueOf(file.getFileName()).replace(".java", "");
    try {
      Matcher method = METHOD.matcher(Files.readString(file));
      return method.results().map(found -> type + "#" + found.group(1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(String kind, int most) {
    return IntStream.rangeClosed(1, most).mapToObj(number -> kind + number).toList();
  }
}
