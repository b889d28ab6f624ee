package dev.salvor.controller.house.planted.good.controller.core;

import dev.salvor.controller.house.planted.good.common.unit.Step;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Planted: keeps every rule.
public sealed interface Turn {
  record Moved(Step step, Instant at, Optional<Duration> late) implements Turn {}

  record Held(List<String> reasons, UUID id) implements Turn {}

  enum Cause {
    OUTBID,
    GONE
  }

  static String told(Turn turn) {
    return switch (turn) {
      case Moved moved when moved.late().isPresent() -> "late by " + moved.late().get();
      case Moved moved -> "moved to " + moved.step().number() + " at " + moved.at();
      case Held held -> held.reasons().stream().sorted().collect(Collectors.joining(", "));
    };
  }

  static int weight(Cause cause) {
    return switch (cause) {
      case OUTBID -> 1;
      case GONE -> 2;
    };
  }

  static BigDecimal[] prices(int[] cents) {
    return Arrays.stream(cents).mapToObj(BigDecimal::valueOf).toArray(BigDecimal[]::new);
  }
}
