package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Use;
import dev.salvor.controller.effect.Preparing;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.RealLogin;
import dev.salvor.controller.tunnel.RsyncPush;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.TunnelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Makes a box fit for its job over its own ssh: a login that carries bytes both ways, then the
/// user's directory in /app.
///
/// @param tunnelled checkpoints and results come by the same way
record BoxFitting(Doors doors, Ssh ssh, Path stateDir, Boarding boarding, boolean tunnelled)
    implements Preparing {
  /// One look at the login; the rules try again until their deadline.
  private static final Duration LOGIN = Duration.ofSeconds(60);

  /// Below the effect's own deadline, so that its outcome is known.
  private static final Duration SYNC = Duration.ofMinutes(25);

  private static final long MEGA = 1_000_000;
  private static final String APP = "/app";

  @Override
  public Outcome run(RunId run, Effect.Prepare prepare, RunState state) {
    boolean foreign =
        Optional.ofNullable(state.rentals().get(prepare.rental()))
            .map(r -> r.aboard().fit().foreign())
            .orElse(false);
    if (foreign) {
      return boarding.board(run, prepare, state.spec());
    }
    RunSpec.Box box = state.spec().box();
    if (box.sync().isEmpty()) {
      return looking(prepare, state.spec());
    }
    Path from = Path.of(box.sync());
    if (!Files.isDirectory(from) || !Files.isReadable(from)) {
      return new Outcome.Refused(
          "%s is no directory that can be read: it cannot be brought to /app".formatted(from));
    }
    try {
      SyncLoad load = SyncLoad.of(from, stateDir);
      return proven(prepare, state.spec(), Optional.of(load));
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable());
    } catch (TunnelException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    } catch (IOException e) {
      return new Outcome.Refused("%s cannot be read: %s".formatted(from, e));
    }
  }

  /// Nothing is brought there; what comes from there does not come this way where the box dials.
  private Outcome looking(Effect.Prepare prepare, RunSpec spec) {
    try {
      return tunnelled ? proven(prepare, spec, Optional.empty()) : new Outcome.Done();
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable());
    } catch (TunnelException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  private Outcome proven(Effect.Prepare prepare, RunSpec spec, Optional<SyncLoad> load)
      throws ProviderException, TunnelException {
    Optional<Door> found = doors.find(prepare.instance());
    if (found.isEmpty()) {
      return new Outcome.Failed(
          "the platform names no SSH address for instance " + prepare.instance(), true);
    }
    Door door = found.get();
    long there = load.map(SyncLoad::bytes).orElse(0L);
    long back = tunnelled ? Use.told(spec) : 0;
    Optional<String> slow =
        door.at().direct() || spec.box().proxy() ? Optional.empty() : tooSlow(there, back);
    if (slow.isPresent()) {
      return new Outcome.Failed(
          "instance %s is reached by the platform's slow proxy only, and %s"
              .formatted(prepare.instance(), slow.get()),
          false);
    }
    doors.attachOwn(prepare.instance());
    RealLogin.Proof _ = new RealLogin(ssh, prepare.instance().value()).prove(door, LOGIN);
    if (load.isPresent()) {
      SyncLoad all = load.get();
      new RsyncPush(ssh).push(door, new RsyncPush.Load(all.from(), APP, all.excludes()), SYNC);
    }
    return new Outcome.Done();
  }

  /// Why a proxy will not do for what is to go through it; empty where it will.
  static Optional<String> tooSlow(long there, long back) {
    if (!Use.much(there + back)) {
      return Optional.empty();
    }
    return Optional.of(
        back == 0
            ? "%d MB are to go there; --allow-proxy lets them, --no-sync leaves them out"
                .formatted(there / MEGA)
            : "%d MB are to go there and, by the sizes in the run.yaml, %d MB to come back in 8 h; --allow-proxy or 'reach: proxy' lets them"
                .formatted(there / MEGA, back / MEGA));
  }
}
