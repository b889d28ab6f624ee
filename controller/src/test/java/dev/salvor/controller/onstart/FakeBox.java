package dev.salvor.controller.onstart;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.launch.Launch;
import dev.salvor.controller.launch.LaunchException;
import dev.salvor.controller.launch.LaunchFacts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A box to start on: a home, a PATH with just the tools that every image has, and a java that is a
/// shell script.
final class FakeBox implements AutoCloseable {
  static final Path SCRIPTS = Path.of("../onstart").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "chmod",
          "curl",
          "dirname",
          "flock",
          "mkdir",
          "mv",
          "nice",
          "readlink",
          "rm",
          "setsid",
          "sha256sum",
          "sleep",
          "sync",
          "tar",
          "timeout",
          "gzip",
          "tr",
          "wc");

  /// Notes each start as "pid supervisor boot arguments", says a line, then does what the file
  /// `plan` says.
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      root=ROOT
      if [[ $* == *selftest ]]; then . "$root/selftest" "$@"; exit; fi
      echo "$$ $PPID $SALVOR_BOOT $*" >>"$root/starts"
      echo "agent speaking"
      . "$root/plan"
      """;

  final Path root;
  final Path home;
  final Path onstart;
  final Map<String, String> env = new TreeMap<>();

  FakeBox(Path root) throws IOException {
    this.root = root;
    this.home = root.resolve("home");
    this.onstart = Files.writeString(root.resolve("onstart.sh"), rendered());
    Path bin = Files.createDirectories(root.resolve("bin"));
    for (String tool : TOOLS) {
      Optional<Path> found = onPath(tool);
      if (found.isPresent()) {
        Files.createSymbolicLink(bin.resolve(tool), found.get());
      }
    }
    Files.createFile(root.resolve("starts"));
    plan("exec sleep 600");
    Files.writeString(root.resolve("selftest"), "exit 1\n");
    env.put("PATH", bin.toString());
    env.put("SALVOR_HOME", home.toString());
    env.put("SALVOR_ROOT", root.toString());
    env.put("SALVOR_AOT_AFTER", "600");
    env.put("SALVOR_RUN", "r1");
    env.put("SALVOR_GENERATION", "2");
  }

  private static Optional<Path> onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// As a platform gets it.
  static String rendered() {
    LaunchFacts facts =
        new LaunchFacts(
            new RunId("r1"),
            2,
            List.of(),
            Sha256.of(new byte[] {1}),
            new Secret("join-token"),
            Map.of(),
            List.of());
    try {
      return new Launch().render(facts).onstart();
    } catch (LaunchException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the fake agent does after it said its line, in shell.
  void plan(String script) throws IOException {
    Files.writeString(root.resolve("plan"), script + "\n");
  }

  /// A bundle with an agent.jar and a runtime of this version of Java.
  Path bundle(int version) throws IOException {
    Path bundle = root.resolve("bundle");
    Path java = Files.createDirectories(bundle.resolve("jre/bin")).resolve("java");
    String script = JAVA.replace("ROOT", root.toString());
    Files.writeString(java, script);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        bundle.resolve("jre/release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%d.0.1\"\n".formatted(version));
    Files.writeString(bundle.resolve("agent.jar"), "jar");
    Files.copy(
        SCRIPTS.resolve("agent.sh"),
        bundle.resolve("agent.sh"),
        StandardCopyOption.REPLACE_EXISTING);
    return bundle;
  }

  Process launch() throws IOException {
    var builder = new ProcessBuilder(root.resolve("bin/bash").toString(), onstart.toString());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectErrorStream(true);
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(stdout().toFile())).start();
  }

  /// Runs it to its end, as the platform does on a boot; returns the exit code.
  int boot() throws IOException, InterruptedException {
    return exitOf(launch());
  }

  int exitOf(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Path stdout() {
    return root.resolve("stdout");
  }

  String platformLog() throws IOException {
    return Files.readString(stdout());
  }

  String log() throws IOException {
    Path log = home.resolve("agent.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  List<Start> starts() {
    try (Stream<String> lines = Files.lines(root.resolve("starts"))) {
      return lines.map(Start::parse).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Start> awaitStarts(int count) throws IOException {
    await(() -> starts().size() >= count, count + " starts of the agent");
    return starts();
  }

  void awaitLog(String text) throws IOException {
    await(() -> contains(text), "'" + text + "' in the log");
  }

  private boolean contains(String text) {
    try {
      return log().contains(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void await(BooleanSupplier met, String what) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!met.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s; the log: %s", what, log()).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
  }

  /// What outbidding does: everything gone at once.
  void killAll() throws IOException {
    for (Start start : starts()) {
      start.supervisor().ifPresent(ProcessHandle::destroyForcibly);
      start.agent().ifPresent(ProcessHandle::destroyForcibly);
    }
    ProcessHandle.allProcesses().filter(this::isOfThisBox).forEach(ProcessHandle::destroyForcibly);
    await(() -> starts().stream().noneMatch(Start::alive), "the end of all");
  }

  /// A supervisor that never came to start an agent is known by its home only.
  private boolean isOfThisBox(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/environ"), ISO_8859_1)
          .contains("SALVOR_HOME=" + home + "\0");
    } catch (IOException gone) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    killAll();
    // The temporary folder would warn of each link that leads out of it.
    for (String tool : TOOLS) {
      Files.deleteIfExists(root.resolve("bin").resolve(tool));
    }
  }

  /// One start of the fake agent, as it noted it.
  record Start(long pid, long parent, int boot, String arguments) {
    static Start parse(String line) {
      List<String> words = List.of(line.split(" ", 4));
      return new Start(
          Long.parseLong(words.get(0)),
          Long.parseLong(words.get(1)),
          Integer.parseInt(words.get(2)),
          words.get(3));
    }

    Optional<ProcessHandle> agent() {
      return living(pid);
    }

    Optional<ProcessHandle> supervisor() {
      // Orphans belong to init, which is not ours to end.
      return parent > 1 ? living(parent) : Optional.empty();
    }

    boolean alive() {
      return agent().isPresent() || supervisor().isPresent();
    }

    /// Leaves out the dead whom init has not yet buried.
    private static Optional<ProcessHandle> living(long pid) {
      return ProcessHandle.of(pid).filter(handle -> !zombie(handle.pid()));
    }

    private static boolean zombie(long pid) {
      try {
        return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
      } catch (IOException gone) {
        return Files.isDirectory(Path.of("/proc/self"));
      }
    }
  }
}
