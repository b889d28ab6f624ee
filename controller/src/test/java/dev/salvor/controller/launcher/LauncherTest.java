package dev.salvor.controller.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher on a fake checkout with a fake JDK and a fake Maven, both shell scripts.
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("../salvor").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Notes the build, waits for the file `go`, fails where the file `broken` is, else makes the
  /// jars.
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$JAVA_HOME $*" >>builds
      while [ ! -e go ]; do sleep 0.05; done
      if [ -e broken ]; then echo '[ERROR] A.java: cannot find symbol'; exit 1; fi
      mkdir -p agent/target controller/target
      touch agent/target/agent.jar controller/target/controller.jar
      """;

  @TempDir Path folder;
  private Path root;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void check_out() throws IOException {
    root = Files.createDirectories(folder.toRealPath().resolve("a check out"));
    Files.copy(LAUNCHER, root.resolve("salvor"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String file :
        List.of(
            "pom.xml", "agent/pom.xml", "controller/pom.xml", "controller/src/main/java/A.java")) {
      write(file, "", false);
      age(file, Duration.ofMinutes(10));
    }
    age("controller/src/main/java", Duration.ofMinutes(10));
    age("controller/src/main", Duration.ofMinutes(10));
    write("jdk/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n", false);
    write("jdk/bin/javac", "#!/bin/sh\n", true);
    write("jdk/bin/java", "#!/bin/sh\necho \"in $PWD: $*\"\n", true);
    write("bin/mvn", MAVEN, true);
    write("go", "", false);
  }

  @AfterEach
  void end_what_runs() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void write(String file, String content, boolean executable) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    assertThat(path.toFile().setExecutable(executable)).isTrue();
  }

  private void age(String file, Duration age) throws IOException {
    Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.now().minus(age)));
  }

  private Process launch(Path launcher, String... words) throws IOException {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().merge("PATH", root.resolve("bin") + ":", (path, first) -> first + path);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static String outcome(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return output + "exit " + process.exitValue();
  }

  private List<String> builds() throws IOException {
    Path builds = root.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  @Test
  void builds_once_then_starts_at_once_until_a_source_changes() throws Exception {
    Path salvor = root.resolve("salvor");
    assertThat(outcome(launch(salvor, "ps")))
        .contains("building Salvor (first time: about a minute)", "built in ")
        .endsWith("exit 0");
    assertThat(builds()).singleElement().asString().startsWith(root.resolve("jdk") + " -B ");
    assertThat(outcome(launch(salvor, "ps"))).doesNotContain("built").endsWith("exit 0");
    assertThat(builds()).hasSize(1);

    age("controller/src/main/java/A.java", Duration.ofMinutes(-1));
    assertThat(outcome(launch(salvor))).contains("its sources changed", "built in ");
    assertThat(builds()).hasSize(2);
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  @Test
  void works_through_a_link_from_another_folder_and_passes_words_on() throws Exception {
    Path near = Files.createSymbolicLink(folder.resolve("near"), root.resolve("salvor"));
    Path far = Files.createSymbolicLink(folder.resolve("far"), near.getFileName());
    assertThat(outcome(launch(far, "run", "a b")))
        .contains("in " + folder.toRealPath() + ": ")
        .contains("-Dsalvor.home=" + root)
        .contains("-jar " + root + "/controller/target/controller.jar run a b\n");
  }

  @Test
  void two_at_once_build_once() throws Exception {
    Files.delete(root.resolve("go"));
    Process first = launch(root.resolve("salvor"));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (builds().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
    Process second = launch(root.resolve("salvor"));
    String told = second.inputReader(UTF_8).readLine();
    assertThat(told).contains("another salvor (pid " + first.pid() + ") is building");
    Files.createFile(root.resolve("go"));
    assertThat(outcome(first)).endsWith("exit 0");
    assertThat(second.waitFor()).isZero();
    assertThat(builds()).hasSize(1);
  }

  @Test
  void lock_of_a_dead_build_is_broken() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    Files.createDirectories(root.resolve("target"));
    Files.createSymbolicLink(root.resolve("target/build.lock"), Path.of(dead.pid() + ""));
    assertThat(outcome(launch(root.resolve("salvor")))).contains("built in").endsWith("exit 0");
  }

  @Test
  void failed_build_shows_the_error_and_the_log_and_frees_the_lock() throws Exception {
    Files.createFile(root.resolve("broken"));
    assertThat(outcome(launch(root.resolve("salvor"))))
        .contains("[ERROR] A.java: cannot find symbol")
        .contains("The whole log: " + root.resolve("target/build.log"))
        .endsWith("exit 69");
    Files.delete(root.resolve("broken"));
    assertThat(outcome(launch(root.resolve("salvor")))).endsWith("exit 0");
  }

  @Test
  void terminated_build_takes_maven_along() throws Exception {
    Files.delete(root.resolve("go"));
    Process launcher = launch(root.resolve("salvor"));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (builds().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
    List<ProcessHandle> children = launcher.children().toList();
    launcher.toHandle().destroy();
    assertThat(outcome(launcher)).contains("build interrupted").endsWith("exit 143");
    assertThat(children).isNotEmpty();
    for (ProcessHandle child : children) {
      child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(root.resolve("target/build.lock")).doesNotExist();
  }

  @Test
  void satisfies_shellcheck() throws Exception {
    Needs.tool("shellcheck");
    for (String script : List.of("salvor", ".ci/run")) {
      var check = new ProcessBuilder("shellcheck", LAUNCHER.resolveSibling(script).toString());
      assertThat(outcome(check.redirectErrorStream(true).start())).isEqualTo("exit 0");
    }
  }
}
