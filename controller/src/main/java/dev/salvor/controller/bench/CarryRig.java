package dev.salvor.controller.bench;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// An enrolled box and a process that takes its cargo as a controller does: copies between them are
/// the product's own, from start to receipt.
final class CarryRig implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int POLL_MS = 20;

  private final Path place;
  private final BenchBox box;
  private final List<String> carry;
  private final boolean thrifty;
  private HarbourProcess harbour;
  private final Map<Path, Sha256> digests = new HashMap<>();
  private long seq;

  /// @param thrifty bytes have a price
  CarryRig(Lab lab, Path place, Bundle bundle, boolean thrifty)
      throws IOException, InterruptedException {
    this.place = place;
    Optional<Path> cache;
    try (LoopbackIntake intake = new LoopbackIntake(place)) {
      box = new BenchBox(new Lab(lab, place), intake, 1, bundle.unpacked());
      box.boot(0);
      intake.awaitBeat(1, PATIENCE);
      cache = cacheOf(box);
      box.kill();
    }
    carry = carry(bundle, cache);
    this.thrifty = thrifty;
    harbour = HarbourProcess.start(place, thrifty);
    dial(harbour.port());
  }

  /// Where the process that takes cargo listens, on loopback.
  int port() {
    return harbour.port();
  }

  /// Kills the process that takes cargo, and starts the next.
  void restartHarbour() throws IOException {
    harbour.close();
    harbour = HarbourProcess.start(place, thrifty);
  }

  /// Where copies go from now on.
  void dial(int at) throws IOException {
    Files.writeString(box.home().resolve("endpoints"), "127.0.0.1:" + at + "\n");
  }

  /// Boxes make it some seconds after they come up; copies are sent long after.
  private static Optional<Path> cacheOf(BenchBox box) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<Path> cache = box.cache().filter(c -> c.toFile().length() > 0);
      if (cache.isPresent()) {
        return cache;
      }
      Thread.sleep(POLL_MS);
    }
    return Optional.empty();
  }

  /// As the watcher starts it.
  private static List<String> carry(Bundle bundle, Optional<Path> cache) {
    List<String> command = new ArrayList<>();
    command.add(bundle.unpacked().resolve("jre/bin/java").toString());
    cache.ifPresent(file -> command.add("-XX:AOTCache=" + file));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            bundle.unpacked().resolve("agent.jar").toString(),
            "dev.salvor.agent.main.Main"));
    return command;
  }

  /// Where the box's "/" is.
  Path box() {
    return box.disk();
  }

  /// Copies one file as a unit of its own, and removes the copy.
  Timed copy(Path file) throws IOException, InterruptedException {
    Unit unit = unit(file);
    Timed timed = copy(unit);
    Trees.remove(landed(unit));
    return timed;
  }

  /// Where a unit lies once it is home.
  Path landed(Unit unit) {
    return place.resolve("target/bench").resolve(unit.id().toString());
  }

  /// Copies a unit; the copy stays.
  Timed copy(Unit unit) throws IOException, InterruptedException {
    double before = harbour.cpuSeconds();
    Timed timed = Timed.of(command(unit), Map.of("SALVOR_ROOT", box.disk().toString()));
    double cpu = harbour.cpuSeconds() - before;
    if (!receipted(unit)) {
      throw new IOException("No receipt came for " + unit.id());
    }
    return timed.plus(cpu);
  }

  /// Starts a copy and returns; what it says goes to a file.
  Process begin(Unit unit) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(unit)).redirectErrorStream(true);
    builder.environment().put("SALVOR_ROOT", box.disk().toString());
    return builder.redirectOutput(place.resolve("carry.log").toFile()).start();
  }

  boolean receipted(Unit unit) {
    return Files.isRegularFile(landed(unit).resolve("receipt.json"));
  }

  private List<String> command(Unit unit) throws IOException {
    Path input = place.resolve("unit.pb");
    Files.write(input, UnitWire.bytes(unit));
    List<String> command = new ArrayList<>(carry);
    command.addAll(List.of("carry", "--home", box.home().toString(), "--unit", input.toString()));
    return command;
  }

  private Unit unit(Path file) throws IOException {
    Sha256 digest = digests.get(file);
    if (digest == null) {
      digest = FileDigest.of(file);
      digests.put(file, digest);
    }
    Path parent = file.resolveSibling(".").normalize();
    Manifest manifest =
        new Manifest(
            "/" + box.disk().relativize(parent),
            List.of(new FileEntry(file.getFileName().toString(), Files.size(file), digest)));
    return new Unit(
        new UnitId(1, 1, ++seq, manifest.digest()),
        UnitKind.RESULTS,
        "files",
        0,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  /// A directory of the box as a checkpoint.
  Unit checkpoint(Path directory, long step) throws IOException {
    List<FileEntry> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        String path = directory.relativize(file).toString();
        files.add(new FileEntry(path, Files.size(file), FileDigest.of(file)));
      }
    }
    Manifest manifest = new Manifest("/" + box.disk().relativize(directory), files);
    return new Unit(
        new UnitId(1, 1, ++seq, manifest.digest()),
        UnitKind.CHECKPOINT,
        "safetensors",
        step,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  @Override
  public void close() throws IOException {
    harbour.close();
    box.close();
  }
}
