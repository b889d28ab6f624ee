package dev.salvor.controller.bench;

import dev.salvor.common.disk.Trees;
import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// A file off the box: over mutual TLS, hashed where it arrives, proven and receipted; beside what
/// one would copy it with over ssh. Both sides share this machine.
final class CargoBench implements Bench {
  /// Where a disk would be measured otherwise, and not what copies.
  private static final Path MEMORY = Path.of("/dev/shm");

  /// The file, its copy, and what is being made of it.
  private static final int ROOM = 4;

  private static final double MB = 1e6;
  private static final double GIB = 1L << 30;
  private static final int PIECE = 1 << 20;

  @Override
  public String name() {
    return "cargo";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    Optional<Path> memory = memory(lab);
    Path place = memory.isPresent() ? memory.get() : lab.place();
    lab.told().accept("copying from and to " + place);
    Bundle bundle = Bundle.make(lab);
    try (CarryRig rig = new CarryRig(lab, place, bundle, false)) {
      Path file = rig.box().resolve("work/model.bin");
      write(file, lab.scope().size());
      return new Rounds(lab, rig, file).rows(place);
    } finally {
      if (memory.isPresent()) {
        Trees.remove(memory.get());
      }
    }
  }

  private static Optional<Path> memory(Lab lab) throws IOException {
    if (!Files.isDirectory(MEMORY)) {
      return Optional.empty();
    }
    FileStore store = Files.getFileStore(MEMORY);
    return store.getUsableSpace() > ROOM * lab.scope().size()
        ? Optional.of(Files.createTempDirectory(MEMORY, "salvor-bench"))
        : Optional.empty();
  }

  /// Bytes that nothing makes smaller; the same each time.
  private static void write(Path file, long size) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Random random = new Random(1);
    byte[] piece = new byte[PIECE];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long at = 0; at < size; at += PIECE) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(PIECE, size - at));
      }
    }
  }

  /// All copies, in turns.
  private static final class Rounds {
    private final Lab lab;
    private final CarryRig rig;
    private final Path file;
    private final Measure own = new Measure();
    private final Map<String, Measure> peers = new LinkedHashMap<>();

    /// Of one way to copy.
    private record Measure(Samples speed, Samples cpu) {
      Measure() {
        this(new Samples(), new Samples());
      }

      void add(Timed timed, long bytes) {
        speed.add(bytes / MB / timed.seconds());
        cpu.add(timed.cpuSeconds() / (bytes / GIB));
      }
    }

    Rounds(Lab lab, CarryRig rig, Path file) {
      this.lab = lab;
      this.rig = rig;
      this.file = file;
    }

    List<BenchRow> rows(Path place) throws IOException, InterruptedException {
      Timed _ = rig.copy(file);
      if (SshCopies.possible()) {
        try (SshCopies ssh = new SshCopies(place)) {
          measure(Optional.of(ssh));
        }
      } else {
        lab.told().accept("no rsync, ssh and sshd here to compare with: apt install them");
        measure(Optional.empty());
      }
      List<BenchRow> rows = new ArrayList<>();
      String speed =
          "copy-out of %d MiB, TLS, SHA-256, receipt".formatted(lab.scope().size() >> 20);
      String cpu = "its processor time, both sides, a GiB";
      if (peers.isEmpty()) {
        rows.add(own.speed().row(speed, "MB/s"));
        rows.add(own.cpu().row(cpu, "s"));
      }
      peers.forEach((peer, of) -> rows.add(own.speed().row(speed, "MB/s", peer, of.speed())));
      peers.forEach((peer, of) -> rows.add(own.cpu().row(cpu, "s", peer, of.cpu())));
      return rows;
    }

    private void measure(Optional<SshCopies> ssh) throws IOException, InterruptedException {
      for (int run = 1; run <= lab.runs(); run++) {
        lab.told().accept("run %d of %d".formatted(run, lab.runs()));
        own.add(rig.copy(file), lab.scope().size());
        if (ssh.isPresent()) {
          for (var peer : ssh.get().commands(file).entrySet()) {
            peers
                .computeIfAbsent(peer.getKey(), _ -> new Measure())
                .add(ssh.get().copy(peer.getValue(), file), lab.scope().size());
          }
        }
      }
    }
  }
}
