package dev.salvor.controller.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A box as the platform starts one: onstart.sh in the foreground over a disk that stays.
final class BenchBox implements AutoCloseable {
  private static final int END_S = 10;

  private final Lab lab;
  private final LoopbackIntake intake;
  private final int generation;
  private final Path bundle;
  private final Path disk;
  private Optional<Path> driver = Optional.empty();
  private Optional<Process> container = Optional.empty();

  /// @param bundle unpacked
  /// @param generation its number with the intake: one a disk
  BenchBox(Lab lab, LoopbackIntake intake, int generation, Path bundle) throws IOException {
    this.lab = lab;
    this.intake = intake;
    this.generation = generation;
    this.bundle = bundle;
    this.disk = Files.createDirectories(lab.place().resolve("box-" + generation));
  }

  /// The GPU library that it finds from now on.
  ///
  /// @param directory where it lies; empty for a box without a GPU
  BenchBox with(Optional<Path> directory) {
    driver = directory;
    return this;
  }

  int generation() {
    return generation;
  }

  Path disk() {
    return disk;
  }

  Path home() {
    return disk.resolve("root/.salvor");
  }

  /// Starts the container; the time by System.nanoTime.
  ///
  /// @param trainAfterS when its AOT cache is made, if there is none
  long boot(int trainAfterS) throws IOException {
    intake.forget(generation);
    Path onstart = lab.installation().resolve("onstart/onstart.sh");
    ProcessBuilder builder = new ProcessBuilder("bash", onstart.toString());
    var env = builder.environment();
    env.keySet().removeIf(name -> name.startsWith("SALVOR_") || name.equals("JAVA_TOOL_OPTIONS"));
    env.put("SALVOR_HOME", home().toString());
    env.put("SALVOR_ROOT", disk.toString());
    env.put("SALVOR_BUNDLE", bundle.toString());
    env.put("SALVOR_FOREGROUND", "1");
    env.put("SALVOR_AOT_AFTER", Integer.toString(trainAfterS));
    env.put("SALVOR_ENDPOINTS", intake.endpoint());
    env.put("SALVOR_CA_PIN", intake.pin());
    env.put("SALVOR_JOIN_TOKEN", "bench");
    env.put("SALVOR_RUN", "bench");
    env.put("SALVOR_GENERATION", Integer.toString(generation));
    driver.ifPresent(directory -> env.put("LD_LIBRARY_PATH", directory.toString()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(disk.resolve("platform.log").toFile()));
    long now = System.nanoTime();
    container = Optional.of(builder.start());
    return now;
  }

  /// The agent's process.
  ProcessHandle agent() throws IOException {
    return container.stream()
        .flatMap(Process::children)
        .filter(child -> child.info().command().filter(c -> c.endsWith("/java")).isPresent())
        .findFirst()
        .orElseThrow(() -> new IOException("No agent runs; see " + disk.resolve("platform.log")));
  }

  /// The cache that this box has made; empty before.
  Optional<Path> cache() throws IOException {
    Path aot = home().resolve("aot");
    if (!Files.isDirectory(aot)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(aot)) {
      return files.filter(file -> file.toString().endsWith(".aot")).findFirst();
    }
  }

  /// The disk of a box that had made its cache before.
  void take(Path cache) throws IOException {
    Path aot = Files.createDirectories(home().resolve("aot"));
    Files.copy(cache, aot.resolve(cache.getFileName()));
  }

  /// What losing a box does: everything gone at once, the disk stays.
  void kill() throws IOException, InterruptedException {
    if (container.isEmpty()) {
      return;
    }
    Process gone = container.get();
    container = Optional.empty();
    var all = Stream.concat(gone.descendants(), job().stream()).toList();
    gone.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    // The next boot finds nothing of this one: a platform starts a container once the old one is
    // gone.
    for (ProcessHandle each : all) {
      await(each);
    }
    await(gone.toHandle());
  }

  private void await(ProcessHandle ending) throws IOException, InterruptedException {
    try {
      ending.onExit().get(END_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Process %d of %s does not end".formatted(ending.pid(), disk), e);
    }
  }

  /// The job and its shim, which are sessions of their own.
  private List<ProcessHandle> job() throws IOException {
    Path pid = disk.resolve("job.pid");
    if (!Files.exists(pid)) {
      return List.of();
    }
    Optional<ProcessHandle> job = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    return Stream.concat(job.stream(), job.flatMap(ProcessHandle::parent).stream())
        .filter(handle -> handle.pid() > 1)
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
