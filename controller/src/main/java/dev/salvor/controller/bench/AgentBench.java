package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import dev.salvor.controller.core.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The agent on a box: what it takes, how soon it is there, how soon a job is back.
final class AgentBench implements Bench {
  /// Other work on the machine slows a start down; a figure tells so, an error would tell nothing.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// Longer than any measurement here: these boxes get their cache from the first, or none.
  private static final int NEVER_S = 100_000;

  /// Past it the heap has shrunk, what the start took was given back, and most is compiled.
  private static final Duration SETTLED = Duration.ofSeconds(60);

  /// Three rounds of probes each.
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final int POLL_MS = 1;
  private static final double MB = 1e6;

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    Bundle bundle = Bundle.make(lab);
    Optional<Path> peer = NodeExporter.program();
    if (peer.isEmpty()) {
      lab.told().accept("no " + NodeExporter.NAME + " here to compare with: apt install it");
    }
    try (LoopbackIntake intake = new LoopbackIntake(lab.place())) {
      Rounds rounds = new Rounds(lab, intake, bundle, peer);
      Path cache = rounds.train();
      for (int run = 1; run <= lab.runs(); run++) {
        lab.told().accept("run %d of %d".formatted(run, lab.runs()));
        rounds.starts(cache);
        rounds.restarts(cache);
      }
      rounds.idle(cache);
      return rounds.rows();
    }
  }

  /// All figures, measured in turns.
  private static final class Rounds {
    private final Lab lab;
    private final LoopbackIntake intake;
    private final Bundle bundle;
    private final Optional<Path> peer;
    private final Samples rss = new Samples();
    private final Samples cpu = new Samples();
    private final Samples coldPlain = new Samples();
    private final Samples coldCached = new Samples();
    private final Samples adopted = new Samples();
    private final Samples resumed = new Samples();
    private final Samples peerRss = new Samples();
    private final Samples peerCpu = new Samples();
    private final Samples peerStart = new Samples();
    private int generation;

    Rounds(Lab lab, LoopbackIntake intake, Bundle bundle, Optional<Path> peer) {
      this.lab = lab;
      this.intake = intake;
      this.bundle = bundle;
      this.peer = peer;
    }

    private BenchBox box() throws IOException {
      return new BenchBox(lab, intake, ++generation, bundle.unpacked());
    }

    /// A first box makes the cache, as each does for itself.
    Path train() throws IOException, InterruptedException {
      lab.told().accept("making the AOT cache");
      try (BenchBox box = box()) {
        box.boot(0);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
          Optional<Path> cache = box.cache().filter(c -> c.toFile().length() > 0);
          if (cache.isPresent()) {
            return Files.copy(cache.get(), lab.place().resolve(cache.get().getFileName()));
          }
          TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        throw new IOException("No AOT cache came; see " + box.home().resolve("aot.log"));
      }
    }

    void starts(Path cache) throws IOException, InterruptedException {
      try (BenchBox box = box()) {
        coldPlain.add(firstBeat(box));
      }
      try (BenchBox box = box()) {
        box.take(cache);
        coldCached.add(firstBeat(box));
      }
    }

    private double firstBeat(BenchBox box) throws IOException, InterruptedException {
      long begun = box.boot(NEVER_S);
      return (intake.awaitBeat(box.generation(), PATIENCE) - begun) / 1e9;
    }

    /// All at once: what is quiet does not disturb. The processor time of each is that of the same
    /// half minute; each is asked for everything once in it.
    void idle(Path cache) throws IOException, InterruptedException {
      Optional<Path> driver = FakeDriver.make(lab);
      try (Crowd crowd = new Crowd()) {
        for (int run = 1; peer.isPresent() && run <= lab.runs(); run++) {
          NodeExporter exporter = crowd.add(NodeExporter.start(peer.get()));
          peerStart.add(exporter.startedInSeconds());
        }
        for (int run = 1; run <= lab.runs(); run++) {
          BenchBox box = crowd.add(box().with(driver));
          intake.job(box.generation(), quietJob(box));
          box.take(cache);
          box.boot(NEVER_S);
        }
        for (BenchBox box : crowd.boxes) {
          intake.awaitRunningJob(box.generation(), PATIENCE);
        }
        lab.told().accept("%d quiet boxes settle".formatted(lab.runs()));
        TimeUnit.NANOSECONDS.sleep(SETTLED.toNanos());
        watch(crowd);
      }
    }

    private void watch(Crowd crowd) throws IOException, InterruptedException {
      List<Long> pids = new ArrayList<>();
      for (BenchBox box : crowd.boxes) {
        pids.add(box.agent().pid());
      }
      crowd.exporters.forEach(exporter -> pids.add(exporter.pid()));
      List<Double> before = new ArrayList<>();
      for (long pid : pids) {
        before.add(Vitals.cpuSeconds(pid));
      }
      TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
      for (NodeExporter exporter : crowd.exporters) {
        exporter.scrape();
      }
      for (int i = 0; i < pids.size(); i++) {
        double percent = 100 * (Vitals.cpuSeconds(pids.get(i)) - before.get(i)) / IDLE.toSeconds();
        boolean ours = i < crowd.boxes.size();
        (ours ? cpu : peerCpu).add(percent);
        (ours ? rss : peerRss).add(Vitals.rssMb(pids.get(i)));
      }
    }

    void restarts(Path cache) throws IOException, InterruptedException {
      try (BenchBox box = box()) {
        intake.job(box.generation(), quietJob(box));
        box.take(cache);
        box.boot(NEVER_S);
        intake.awaitRunningJob(box.generation(), PATIENCE);

        ProcessHandle agent = box.agent();
        intake.forget(box.generation());
        long killed = System.nanoTime();
        agent.destroyForcibly();
        intake.awaitRunningJob(box.generation(), PATIENCE);
        adopted.add((System.nanoTime() - killed) / 1e9);

        box.kill();
        Path marker = box.disk().resolve("resumed");
        Files.delete(marker);
        long booted = box.boot(NEVER_S);
        awaitFile(marker);
        resumed.add((System.nanoTime() - booted) / 1e9);
      }
    }

    private static void awaitFile(Path file) throws IOException, InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.exists(file)) {
        if (System.nanoTime() > end) {
          throw new IOException("The job was not back within " + PATIENCE);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    }

    /// Notes that it has read its newest checkpoint, then waits: what a job of hours looks like to
    /// an agent most of the time.
    private static RunSpec.Job quietJob(BenchBox box) throws IOException {
      Path checkpoints = Files.createDirectories(box.disk().resolve("work/checkpoints"));
      for (int step = 100; step <= 500; step += 100) {
        Path unit = Files.createDirectories(checkpoints.resolve("checkpoint-" + step));
        Files.write(unit.resolve("model.bin"), new byte[1 << 20]);
      }
      String command =
          "echo $$ >DISK/job.pid; c=$(ls -td DISK/work/checkpoints/*/ | head -n 1);"
              + " cat \"$c\"/* >/dev/null && echo \"$c\" >DISK/resumed; echo step 500/9000; exec"
              + " sleep 100000";
      return new RunSpec.Job(
          command.replace("DISK", box.disk().toString()),
          "/work",
          Map.of(),
          List.of("/work/checkpoints"),
          List.of());
    }

    List<BenchRow> rows() {
      String it = NodeExporter.NAME;
      Samples jar = new Samples();
      jar.add(bundle.jarBytes() / MB);
      Samples whole = new Samples();
      whole.add(bundle.archiveBytes() / MB);
      Samples program = new Samples();
      peer.ifPresent(path -> program.add(path.toFile().length() / MB));
      return List.of(
          rss.row("agent: RSS, watching a quiet job", "MB", it, peerRss),
          cpu.row("agent: CPU, watching a quiet job", "%", it, peerCpu),
          jar.row("agent: jar", "MB", it, program),
          whole.row("agent: bundle with runtime", "MB"),
          coldPlain.row(
              "container start -> first mTLS beat, new disk, no AOT cache", "s", it, peerStart),
          coldCached.row(
              "container start -> first mTLS beat, new disk, AOT cache", "s", it, peerStart),
          adopted.row("agent killed -> its job adopted by the next", "s"),
          resumed.row("container restarted -> job has read its newest checkpoint", "s"));
    }
  }

  /// What runs at once.
  private static final class Crowd implements AutoCloseable {
    private final List<BenchBox> boxes = new ArrayList<>();
    private final List<NodeExporter> exporters = new ArrayList<>();

    BenchBox add(BenchBox box) {
      boxes.add(box);
      return box;
    }

    NodeExporter add(NodeExporter exporter) {
      exporters.add(exporter);
      return exporter;
    }

    @Override
    public void close() throws IOException {
      for (NodeExporter exporter : exporters) {
        exporter.close();
      }
      for (BenchBox box : boxes) {
        box.close();
      }
    }
  }
}
