package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinTokens;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.BoxHome;
import dev.salvor.controller.tunnel.BoxHome.Paper;
import dev.salvor.controller.tunnel.Door;
import dev.salvor.controller.tunnel.Ssh;
import dev.salvor.controller.tunnel.TunnelException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Gives a box that lost its key a new join token, by ssh: only the box that the provider lists
/// running for the run's present rental, and only if the key that was shown is the one it has.
final class Rearming {
  /// A box asks again each minute, and takes up the new token with its next question.
  private static final Duration AGAIN = Duration.ofMinutes(5);

  private final Function<Identity, Optional<InstanceId>> present;
  private final Finder doors;
  private final BoxHome home;
  private final JoinTokens tokens;
  private final InstantSource clock;
  private final Map<Identity, Instant> tried = new HashMap<>();

  /// @param present the instance of a rental that is the run's present one and runs
  Rearming(
      Function<Identity, Optional<InstanceId>> present,
      Finder doors,
      Ssh ssh,
      JoinTokens tokens,
      InstantSource clock) {
    this.present = present;
    this.doors = doors;
    this.home = new BoxHome(ssh);
    this.tokens = tokens;
    this.clock = clock;
  }

  /// Where a box is entered.
  interface Finder {
    Optional<Door> find(InstanceId instance) throws ProviderException, TunnelException;
  }

  /// What came of it.
  sealed interface Came {
    /// It has a new token.
    record Armed() implements Came {}

    /// The box has another key than the one that was shown: somebody else showed the token.
    record Stranger() implements Came {}

    /// It cannot be told who showed it.
    record NoWay(String why) implements Came {}

    /// It was tried a moment ago.
    record JustNow() implements Came {}
  }

  /// Blocks for as long as the platform and the box take.
  Came mend(Identity box, Sha256 shown) {
    if (!due(box)) {
      return new Came.JustNow();
    }
    Optional<InstanceId> instance = present.apply(box);
    if (instance.isEmpty()) {
      return new Came.NoWay("the provider does not show it running as the run's present box");
    }
    try {
      Optional<Door> door = doors.find(instance.get());
      if (door.isEmpty()) {
        return new Came.NoWay("the platform names no SSH address for it");
      }
      if (!home.joinKey(door.get()).equals(Optional.of(shown))) {
        return new Came.Stranger();
      }
      home.write(door.get(), Paper.JOIN_TOKEN, tokens.mint(box).secret() + "\n");
      return new Came.Armed();
    } catch (ProviderException | TunnelException | CaException e) {
      return new Came.NoWay(String.valueOf(e.getMessage()));
    }
  }

  private synchronized boolean due(Identity box) {
    Instant now = clock.instant();
    Instant last = tried.get(box);
    if (last != null && now.isBefore(last.plus(AGAIN))) {
      return false;
    }
    tried.put(box, now);
    return true;
  }
}
