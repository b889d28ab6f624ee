package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
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
record BoxFitting(Doors doors, Ssh ssh, Path stateDir, Boarding boarding) implements Preparing {
  /// One look at the login; the rules try again until their deadline.
  private static final Duration LOGIN = Duration.ofSeconds(60);

  /// Below the effect's own deadline, so that its outcome is known.
  private static final Duration SYNC = Duration.ofMinutes(25);

  /// What may go through the platform's proxy, at a few hundred kilobytes a second.
  private static final long MOST_BY_PROXY = 1_000_000_000L;

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
    Path from = Path.of(box.sync());
    if (!Files.isDirectory(from) || !Files.isReadable(from)) {
      return new Outcome.Refused(
          "%s is no directory that can be read: it cannot be brought to /app".formatted(from));
    }
    try {
      SyncLoad load = SyncLoad.of(from, stateDir);
      return bring(prepare, box, load);
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable());
    } catch (TunnelException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    } catch (IOException e) {
      return new Outcome.Refused("%s cannot be read: %s".formatted(from, e));
    }
  }

  private Outcome bring(Effect.Prepare prepare, RunSpec.Box box, SyncLoad load)
      throws ProviderException, TunnelException {
    Optional<Door> found = doors.find(prepare.instance());
    if (found.isEmpty()) {
      return new Outcome.Failed(
          "the platform names no SSH address for instance " + prepare.instance(), true);
    }
    Door door = found.get();
    if (!door.at().direct() && load.bytes() > MOST_BY_PROXY && !box.proxy()) {
      return new Outcome.Failed(
          "instance %s is reached by the platform's slow proxy only, and %d MB are to go there; --allow-proxy lets them, --no-sync leaves them out"
              .formatted(prepare.instance(), load.bytes() / 1_000_000),
          false);
    }
    doors.attachOwn(prepare.instance());
    RealLogin.Proof _ = new RealLogin(ssh, prepare.instance().value()).prove(door, LOGIN);
    new RsyncPush(ssh).push(door, new RsyncPush.Load(load.from(), APP, load.excludes()), SYNC);
    return new Outcome.Done();
  }
}
