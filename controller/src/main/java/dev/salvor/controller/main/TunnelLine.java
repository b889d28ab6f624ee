package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.BoxHome;
import dev.salvor.controller.tunnel.BoxHome.Paper;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.Tunnel;
import dev.salvor.controller.tunnel.TunnelException;
import java.time.Duration;
import java.util.List;

/// The way from one box to us: brings it an agent if it has none, and holds a tunnel for its link
/// and another for its cargo, opened again whenever one breaks.
final class TunnelLine implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /// A tunnel that held for so long was a good one.
  private static final Duration GOOD = Duration.ofSeconds(30);

  private final Gear gear;
  private final InstanceId instance;
  private final Caller caller;
  private final Trouble trouble;
  private final List<Thread> threads;
  private volatile boolean prepared;
  private volatile boolean closed;

  private TunnelLine(Gear gear, InstanceId instance, Caller caller) {
    this.gear = gear;
    this.instance = instance;
    this.caller = caller;
    this.trouble = new Trouble(gear.herald(), caller, instance);
    this.threads =
        List.of(
            Thread.ofVirtual()
                .name("link-" + instance)
                .unstarted(() -> keep(new Strand(Paper.ENDPOINTS, "link"))),
            Thread.ofVirtual()
                .name("cargo-" + instance)
                .unstarted(() -> keep(new Strand(Paper.CARGO_ENDPOINTS, "cargo"))));
  }

  /// What lines are made with.
  ///
  /// @param tunnels false where the box dials us by itself, and needs at most its agent
  /// @param local the port that the intake listens on
  record Gear(
      Doors doors,
      Ssh ssh,
      AgentBundle bundle,
      Trouble.Herald herald,
      boolean tunnels,
      int local) {}

  /// One tunnel, and where the box is told of it.
  private record Strand(Paper paper, String name) {
    boolean leads() {
      return paper == Paper.ENDPOINTS;
    }
  }

  static TunnelLine begin(Gear gear, InstanceId instance, Caller caller) {
    TunnelLine line = new TunnelLine(gear, instance, caller);
    line.threads.forEach(Thread::start);
    return line;
  }

  Caller caller() {
    return caller;
  }

  private void keep(Strand strand) {
    Duration pause = FIRST_PAUSE;
    try {
      while (!closed && !(prepared && !gear.tunnels())) {
        long begun = System.nanoTime();
        if (strand.leads() || prepared) {
          hold(strand);
        }
        boolean good = System.nanoTime() - begun > GOOD.toNanos();
        boolean waits = !strand.leads() && !prepared;
        pause = good || waits ? FIRST_PAUSE : longer(pause);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /// Opens it and stays until it breaks.
  private void hold(Strand strand) throws InterruptedException {
    try {
      Door door =
          gear.doors()
              .find(instance)
              .orElseThrow(() ->
                  new TunnelException(
                      TunnelException.Kind.UNREACHABLE, "the platform names no SSH address", null));
      prepare(door);
      if (!gear.tunnels()) {
        trouble.over(strand.name());
        return;
      }
      try (Tunnel tunnel = gear.ssh().tunnel(door, strand.name(), gear.local())) {
        String endpoint = "127.0.0.1:" + tunnel.port() + "\n";
        new BoxHome(gear.ssh()).write(door, strand.paper(), endpoint);
        trouble.over(strand.name());
        while (!closed && !tunnel.awaitEnd(LOOK)) {}
        if (!closed) {
          trouble.broke(strand.name(), tunnel.why());
        }
      }
    } catch (TunnelException e) {
      attach(e);
      trouble.met(strand.name(), String.valueOf(e.getMessage()), !e.kind().retryable());
    } catch (ProviderException e) {
      trouble.met(strand.name(), String.valueOf(e.getMessage()), false);
    } catch (RuntimeException e) {
      // A fault of ours must not end the one way to a box that bills.
      trouble.met(strand.name(), "Salvor itself failed: " + e, false);
    }
  }

  private void prepare(Door door) throws TunnelException {
    if (prepared) {
      return;
    }
    BoxHome home = new BoxHome(gear.ssh());
    BoxHome.Look look = home.look(door);
    if (!look.bundled()) {
      home.push(door, gear.bundle().archive(look.machine()));
    }
    prepared = true;
  }

  /// Keys have been seen to vanish from boxes: the platform puts one back that it is told of.
  private void attach(TunnelException e) {
    if (e.kind() == TunnelException.Kind.KEY_REFUSED) {
      try {
        gear.doors().attachOwn(instance);
      } catch (ProviderException | TunnelException again) {
        trouble.met("key", String.valueOf(again.getMessage()), false);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }
}
