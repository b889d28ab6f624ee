package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fact.FleetSpent;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A cap on all runs together, for a day or for good: told at 80 %, a checkpoint asked for at 95 %,
/// and every run brought home at 100 %.
final class FleetRule implements Rule {
  private static final int NEAR = 95;
  private static final int FULL = 100;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!Situation.carryingOn(s)) {
      return Optional.empty();
    }
    return Stream.of(s.learned().standing().all(), s.learned().standing().day())
        .filter(f -> f.percent() > 0 && present(f, now))
        .filter(f -> f.percent() >= FULL || !s.announced(key(f)))
        .findFirst()
        .map(f -> f.percent() >= FULL ? bringHome(s, f, now) : tell(s, f, now));
  }

  /// Yesterday's cap is no reason today.
  private static boolean present(FleetSpent f, Instant now) {
    return switch (f.span()) {
      case ALL -> true;
      case DAY -> f.at().truncatedTo(ChronoUnit.DAYS).equals(now.truncatedTo(ChronoUnit.DAYS));
    };
  }

  private static String key(FleetSpent f) {
    return switch (f.span()) {
      case ALL -> "fleet-all-" + f.percent();
      case DAY -> "fleet-day-%d-%s".formatted(f.percent(), f.at().truncatedTo(ChronoUnit.DAYS));
    };
  }

  private static String what(FleetSpent f) {
    String span =
        switch (f.span()) {
          case ALL -> "in all";
          case DAY -> "today (UTC)";
        };
    return "All runs together have spent %d %% of what they may %s: %s of %s"
        .formatted(f.percent(), span, f.spent(), f.cap());
  }

  private static Decision tell(RunState s, FleetSpent f, Instant now) {
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact.Announced(now, key(f), what(f), "At 100 % every run is brought home and ended."));
    if (f.percent() >= NEAR && !s.spec().job().care().listens().isEmpty()) {
      facts.add(new Fact.CheckpointAsked(now, "the fleet's cap"));
    }
    return Decision.note(
            "fleet", "say that a cap on all runs is near", what(f), facts.toArray(Fact[]::new))
        .resting(List.of("this run spent " + s.spent(now)));
  }

  private static Decision bringHome(RunState s, FleetSpent f, Instant now) {
    return Decision.note(
            "fleet",
            "bring everything home and end",
            what(f),
            new Fact.WindDownAsked(now, "the cap on all runs"),
            new Fact.Announced(
                now,
                key(f),
                what(f),
                "Run it again when there is room under the cap: it goes on from the frontier."))
        .resting(List.of("this run spent " + s.spent(now)));
  }
}
