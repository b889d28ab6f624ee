package dev.salvor.controller.bench;

import dev.salvor.common.disk.Trees;
import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Bytes on the wire for the checkpoints of a real training run with AdamW, one after another as
/// they would be copied; beside what one would copy them with. Counted between the two sides, TLS
/// or ssh and all.
final class BytesBench implements Bench {
  private static final int CHECKPOINTS = 10;
  private static final int EVERY = 200;
  private static final double MB = 1e6;
  private static final String EXAMPLE = "docs/examples/char-lm";
  private static final String RSYNC_Z = "rsync -a -z -e ssh";

  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    Bundle bundle = Bundle.make(lab);
    List<BenchRow> rows = new ArrayList<>();
    try (CarryRig rig = new CarryRig(lab, lab.place(), bundle, true)) {
      List<Path> checkpoints = train(lab, rig.box().resolve("work/checkpoints"));
      Samples raw = sample(rawBytes(checkpoints));
      Samples own = sample(own(lab, rig, checkpoints));
      String what = "%d checkpoints of an AdamW run, on the wire".formatted(checkpoints.size());
      rows.add(own.row(what, "MB", "the files themselves", raw));
      if (!SshCopies.possible()) {
        return rows;
      }
      try (LoopbackSshd sshd = LoopbackSshd.start(lab.place().resolve("ssh"));
          CountingRelay relay = CountingRelay.to(sshd.port())) {
        lab.told().accept(RSYNC_Z);
        rows.add(own.row(what, "MB", RSYNC_Z, sample(rsync(lab, sshd, relay, checkpoints))));
        if (SshCopies.onPath("restic")) {
          lab.told().accept("restic");
          rows.add(
              own.row(what, "MB", "restic, sftp", sample(restic(lab, sshd, relay, checkpoints))));
        }
      }
    }
    return rows;
  }

  private static Samples sample(long bytes) {
    Samples samples = new Samples();
    samples.add(bytes / MB);
    return samples;
  }

  private static List<Path> train(Lab lab, Path out) throws IOException, InterruptedException {
    lab.told().accept("training %d steps".formatted(CHECKPOINTS * EVERY));
    Path example = lab.installation().resolve(EXAMPLE);
    Timed _ =
        Timed.of(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                example.resolve("CharLm.java").toString(),
                "--data",
                example.resolve("corpus").toString(),
                "--steps",
                "" + CHECKPOINTS * EVERY,
                "--every",
                "" + EVERY,
                "--keep",
                "" + CHECKPOINTS,
                "--out",
                out.toString()),
            Map.of());
    try (Stream<Path> all = Files.list(out)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static long rawBytes(List<Path> checkpoints) throws IOException {
    long bytes = 0;
    for (Path checkpoint : checkpoints) {
      try (Stream<Path> files = Files.walk(checkpoint)) {
        bytes += files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      }
    }
    return bytes;
  }

  private static long own(Lab lab, CarryRig rig, List<Path> checkpoints)
      throws IOException, InterruptedException {
    lab.told().accept("copying by carry");
    try (CountingRelay relay = CountingRelay.to(rig.port())) {
      rig.dial(relay.port());
      long step = 0;
      for (Path checkpoint : checkpoints) {
        step += EVERY;
        Timed _ = rig.copy(rig.checkpoint(checkpoint, step));
      }
      return relay.taken();
    }
  }

  private static long rsync(Lab lab, LoopbackSshd sshd, CountingRelay relay, List<Path> checkpoints)
      throws IOException, InterruptedException {
    Path target = Files.createDirectories(lab.place().resolve("rsynced"));
    String ssh = "ssh -p " + relay.port() + " " + String.join(" ", sshd.options());
    for (Path checkpoint : checkpoints) {
      Timed _ =
          Timed.of(
              List.of("rsync", "-a", "-z", "-e", ssh, checkpoint + "", "127.0.0.1:" + target + "/"),
              Map.of());
    }
    Trees.remove(target);
    return relay.taken();
  }

  private static long restic(
      Lab lab, LoopbackSshd sshd, CountingRelay relay, List<Path> checkpoints)
      throws IOException, InterruptedException {
    Path repository = lab.place().resolve("restic");
    String ssh =
        "sftp.command=ssh -p %d %s 127.0.0.1 -s sftp"
            .formatted(relay.port(), String.join(" ", sshd.options()));
    List<String> restic =
        List.of("restic", "-q", "-r", "sftp:127.0.0.1:" + repository, "-o", ssh, "--no-cache");
    Map<String, String> env = Map.of("RESTIC_PASSWORD", "bench");
    Timed _ = Timed.of(Stream.concat(restic.stream(), Stream.of("init")).toList(), env);
    long made = relay.taken();
    for (Path checkpoint : checkpoints) {
      Timed _ =
          Timed.of(
              Stream.concat(
                      restic.stream(), Stream.of("backup", "--compression", "max", "" + checkpoint))
                  .toList(),
              env);
    }
    Trees.remove(repository);
    lab.told().accept("restic's repository itself: %d bytes".formatted(made));
    return relay.taken();
  }
}
