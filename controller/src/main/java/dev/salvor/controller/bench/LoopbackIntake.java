package dev.salvor.controller.bench;

import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.CargoDesk;
import dev.salvor.controller.intake.Harbour;
import dev.salvor.controller.intake.IntakeException;
import dev.salvor.controller.intake.IntakeServer;
import dev.salvor.controller.intake.Lease;
import dev.salvor.controller.intake.LogPiece;
import dev.salvor.controller.intake.Progress;
import dev.salvor.controller.intake.SeenReading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// The product's own intake on loopback, with a harbour that notes when which box beat, and starts
/// its job at once: what a controller needs to decide is measured elsewhere.
final class LoopbackIntake implements Harbour, AutoCloseable {
  private static final String FLEET = "bench";
  private static final Duration BEAT_TTL = Duration.ofSeconds(2);
  private static final Duration LEASE = Duration.ofHours(1);
  private static final int TELL_AGAIN_MS = 5;

  private final Map<Caller, Beats> beats = new ConcurrentHashMap<>();
  private final Map<Integer, RunSpec.Job> jobs = new ConcurrentHashMap<>();
  private final AtomicLong orders = new AtomicLong();
  private final CertificateAuthority authority;
  private final IntakeServer server;

  LoopbackIntake(Path dir) throws IOException {
    this(dir, new NoCargo());
  }

  LoopbackIntake(Path dir, CargoDesk desk) throws IOException {
    try {
      InstantSource clock = InstantSource.system();
      authority = CertificateAuthority.open(dir.resolve("ca"), FLEET, clock);
      CertificateAuthority.Server shown = authority.newServer();
      server =
          IntakeServer.start(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              new IntakeServer.Tls(shown.key(), shown.chain(), authority.certificate()),
              new IntakeServer.Ports(new BenchRegistrar(authority), this, desk, clock));
    } catch (CaException | IntakeException e) {
      throw new IOException(e);
    }
  }

  /// The beats of one box since it last joined.
  ///
  /// @param first when the first came, by System.nanoTime
  private record Beats(long first, boolean jobRunning) {}

  String endpoint() {
    return "127.0.0.1:" + server.port();
  }

  String pin() {
    return authority.pin().hex();
  }

  /// What boxes of that generation are told to start whenever they come up without it.
  void job(int generation, RunSpec.Job job) {
    jobs.put(generation, job);
  }

  /// Forgets what the box said, as if it had never come.
  void forget(int generation) {
    beats.keySet().removeIf(caller -> caller.rental().generation() == generation);
  }

  /// When the box's first beat since `forget` came, by System.nanoTime.
  long awaitBeat(int generation, Duration atMost) throws IOException, InterruptedException {
    return await(generation, _ -> true, atMost).first();
  }

  void awaitRunningJob(int generation, Duration atMost) throws IOException, InterruptedException {
    await(generation, Beats::jobRunning, atMost);
  }

  private Beats await(int generation, Predicate<Beats> which, Duration atMost)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      for (Map.Entry<Caller, Beats> box : beats.entrySet()) {
        if (box.getKey().rental().generation() == generation && which.test(box.getValue())) {
          return box.getValue();
        }
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    throw new IOException("Box %d was not heard within %s".formatted(generation, atMost));
  }

  @Override
  public void heard(Caller caller) {
    // Beats and facts come by themselves.
  }

  @Override
  public void fact(Caller caller, Fact fact, Runnable journaled) {
    if (fact instanceof Fact.AgentJoined joined && !joined.jobRunning() && !joined.proceeded()) {
      RunSpec.Job job = jobs.get(caller.rental().generation());
      if (job != null) {
        Thread.startVirtualThread(() -> proceed(new Berths.Berth(caller, joined.boot()), job));
      }
    }
    journaled.run();
  }

  private void proceed(Berths.Berth berth, RunSpec.Job job) {
    long order = orders.incrementAndGet();
    try {
      while (!(server.berths().tell(berth, order, new AgentOrder.Proceed(), Berths.Papers.of(job))
          instanceof Outcome.Done)) {
        TimeUnit.MILLISECONDS.sleep(TELL_AGAIN_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void log(Caller caller, LogPiece piece, Instant at) {
    // Nobody looks at it.
  }

  @Override
  public void progress(Caller caller, Progress progress) {
    long now = System.nanoTime();
    beats.compute(
        caller,
        (_, before) -> new Beats(before == null ? now : before.first(), progress.jobRunning()));
  }

  @Override
  public void readings(Caller caller, List<SeenReading> readings) {
    // Taken, as a controller would.
  }

  @Override
  public void goodbye(Caller caller, String reason) {
    // The bench itself ends its boxes.
  }

  @Override
  public void hungUp(Caller caller) {
    // The bench itself ends its boxes.
  }

  @Override
  public Lease lease(Caller caller) {
    return new Lease(BEAT_TTL, Instant.now().plus(LEASE), LEASE, false);
  }

  @Override
  public long acknowledged(Caller caller, int boot) {
    return 0;
  }

  @Override
  public void close() {
    server.close();
  }
}
