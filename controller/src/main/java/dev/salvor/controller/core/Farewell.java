package dev.salvor.controller.core;

import java.time.Instant;

/// How a box was told to run no job any more, and how it stopped by itself.
///
/// @param fencedBoot newest boot that was told that it is fenced; 0 for none
/// @param stoppedBoot newest boot that stopped itself, as it said; 0 for none
/// @param then when it did, by its own clock
public record Farewell(int fencedBoot, int stoppedBoot, Instant then, String why) {
  static final Farewell NONE = new Farewell(0, 0, Instant.EPOCH, "");

  Farewell fenced(int boot) {
    return new Farewell(boot, stoppedBoot, then, why);
  }

  Farewell stopped(int boot, Instant at, String reason) {
    return new Farewell(fencedBoot, boot, at, reason);
  }
}
