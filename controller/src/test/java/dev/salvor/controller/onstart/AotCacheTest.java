package dev.salvor.controller.onstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// agent.sh with this machine's own Java: the cache is used, and another jar is never run from it.
final class AotCacheTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private static final String CODE =
      """
      public final class Agent {
        public static void main(String[] args) {
          System.out.println(args[0] + " runs code WORD");
        }
      }
      """;

  @TempDir Path dir;

  @Test
  void upgraded_jar_runs_its_own_code_though_a_cache_of_the_old_one_is_there() throws Exception {
    Path bundle = Files.createDirectories(dir.resolve("bundle"));
    Files.copy(FakeBox.SCRIPTS.resolve("agent.sh"), bundle.resolve("agent.sh"));
    Path one = jar("one");
    Path two = jar("two");
    Files.setLastModifiedTime(two, Files.getLastModifiedTime(one));
    assertThat(Files.size(two)).isEqualTo(Files.size(one));

    install(one);
    assertThat(runAgent()).contains("watch runs code one");
    assertThat(fromCache()).isFalse();
    Path first = awaitCacheOtherThan(Optional.empty());
    assertThat(runAgent()).contains("watch runs code one");
    assertThat(fromCache()).isTrue();

    install(two);
    assertThat(runAgent()).contains("watch runs code two");
    assertThat(fromCache()).isFalse();
    Path second = awaitCacheOtherThan(Optional.of(first));
    assertThat(runAgent()).contains("watch runs code two");
    assertThat(fromCache()).isTrue();
    assertThat(first).doesNotExist();
    assertThat(second).exists();
  }

  private void install(Path jar) throws IOException {
    Files.copy(
        jar,
        dir.resolve("bundle/agent.jar"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// All jars have the same size and time: only their content tells them apart.
  private Path jar(String word) throws IOException, InterruptedException {
    Path place = Files.createDirectories(dir.resolve(word));
    Files.writeString(place.resolve("Agent.java"), CODE.replace("WORD", word));
    run(place, "javac", "-d", "classes", "Agent.java");
    run(
        place,
        "jar",
        "--create",
        "--no-compress",
        "--date=2026-11-01T00:00:00Z",
        "--file=agent.jar",
        "--main-class=Agent",
        "-C",
        "classes",
        ".");
    return place.resolve("agent.jar");
  }

  private static void run(Path place, String tool, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(JDK.resolve("bin").resolve(tool).toString()), Stream.of(arguments))
            .toList();
    Process process = new ProcessBuilder(command).directory(place.toFile()).inheritIO().start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private String runAgent() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", dir.resolve("bundle/agent.sh").toString(), home().toString());
    builder.environment().put("JAVA_HOME", JDK.toString());
    builder.environment().put("SALVOR_AOT_AFTER", "0");
    builder.environment().put("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + dir.resolve("loaded"));
    Path out = dir.resolve("out");
    Files.createDirectories(home());
    Process agent = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(agent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(agent.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }

  private Path home() {
    return dir.resolve("home");
  }

  private boolean fromCache() throws IOException {
    try (Stream<String> lines = Files.lines(dir.resolve("loaded"))) {
      return lines.anyMatch(line -> line.contains(" Agent source: shared objects file"));
    }
  }

  private Path awaitCacheOtherThan(Optional<Path> old) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<Path> cache = cache().filter(found -> !old.equals(Optional.of(found)));
      if (cache.isPresent()) {
        return cache.get();
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("No cache: " + Files.readString(home().resolve("aot.log")));
  }

  private Optional<Path> cache() throws IOException {
    Path aot = home().resolve("aot");
    if (!Files.isDirectory(aot)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(aot)) {
      return files
          .filter(file -> file.toString().endsWith(".aot") && file.toFile().length() > 0)
          .findFirst();
    }
  }
}
