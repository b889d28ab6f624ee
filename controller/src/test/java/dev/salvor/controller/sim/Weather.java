package dev.salvor.controller.sim;

import java.util.EnumMap;
import java.util.Map;

/// What is broken in the world right now, and until when.
final class Weather {
  private static final FaultKind[] OF_THE_PROVIDER = {
    FaultKind.RATE_LIMITED,
    FaultKind.ERRORS_BEFORE,
    FaultKind.ERRORS_AFTER,
    FaultKind.LOST_REPLIES,
    FaultKind.PROVIDER_MUTE,
    FaultKind.STALE_LIST,
    FaultKind.LISTS_LACK,
    FaultKind.OFFLINE_HERE
  };
  private static final FaultKind[] OF_THE_LINES = {
    FaultKind.PARTITION,
    FaultKind.CUT_UP,
    FaultKind.CUT_DOWN,
    FaultKind.HALF_OPEN,
    FaultKind.FRAME_LOSS,
    FaultKind.DELAY,
    FaultKind.OFFLINE_HERE
  };

  private final Map<FaultKind, Long> until = new EnumMap<>(FaultKind.class);
  private final World world;

  Weather(World world) {
    this.world = world;
  }

  void until(FaultKind kind, long ms) {
    until.merge(kind, ms, Math::max);
  }

  boolean is(FaultKind kind) {
    return world.ms() < until.getOrDefault(kind, 0L);
  }

  /// The provider does not answer.
  boolean mute() {
    return is(FaultKind.PROVIDER_MUTE) || is(FaultKind.OFFLINE_HERE);
  }

  /// Nothing passes between here and the boxes.
  boolean cut() {
    return is(FaultKind.PARTITION) || is(FaultKind.OFFLINE_HERE);
  }

  boolean cutUp() {
    return cut() || is(FaultKind.CUT_UP);
  }

  boolean cutDown() {
    return cut() || is(FaultKind.CUT_DOWN);
  }

  /// Its lists may be told from before.
  boolean listsLie() {
    return is(FaultKind.STALE_LIST) || is(FaultKind.LISTS_LACK);
  }

  boolean providerWell() {
    return none(OF_THE_PROVIDER);
  }

  boolean linesWell() {
    return none(OF_THE_LINES);
  }

  private boolean none(FaultKind[] kinds) {
    for (FaultKind kind : kinds) {
      if (is(kind)) {
        return false;
      }
    }
    return true;
  }
}
