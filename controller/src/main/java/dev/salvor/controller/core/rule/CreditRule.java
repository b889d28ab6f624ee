package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Learned.Standing;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Credit that runs out is told with the hours that are left; in the last of them the run is
/// brought home, since the platform then stops every box without asking.
final class CreditRule implements Rule {
  private static final long LAST_HOUR = 1;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    Standing standing = s.learned().standing();
    if (standing.hours() == Long.MAX_VALUE || !Situation.carryingOn(s)) {
      return Optional.empty();
    }
    boolean last = standing.hours() <= LAST_HOUR;
    if (!last && s.announced(key(standing))) {
      return Optional.empty();
    }
    return Optional.of(last ? bringHome(s, standing, now) : tell(s, standing, now));
  }

  /// Once a step, and again when money came and went.
  private static String key(Standing standing) {
    return "credit-%d-%d".formatted(standing.hours(), standing.at().getEpochSecond() / 86_400);
  }

  private static String what(Standing standing) {
    Duration left =
        Duration.ofSeconds(
            Math.max(0, 3600 * standing.credit().micros()) / Math.max(1, standing.burn().micros()));
    return "The account has %s left: at the present %s that is %s, until %s"
        .formatted(
            standing.credit(),
            standing.burn(),
            Told.time(left),
            Told.moment(standing.at().plus(left)));
  }

  private static List<String> evidence(Standing standing) {
    return List.of(
        "credit " + standing.credit() + " at " + Told.moment(standing.at()),
        "all rentals of this fleet burn " + standing.burn());
  }

  private static Decision tell(RunState s, Standing standing, Instant now) {
    return Decision.note(
            "credit",
            "say that the credit is low",
            what(standing),
            new Fact.Announced(
                now,
                key(standing),
                what(standing),
                "Add credit at the platform; without it run %s is brought home an hour before the end."
                    .formatted(s.spec().run())))
        .resting(evidence(standing));
  }

  private static Decision bringHome(RunState s, Standing standing, Instant now) {
    List<Fact> facts = new ArrayList<>();
    if (!s.spec().job().care().listens().isEmpty()) {
      facts.add(new Fact.CheckpointAsked(now, "low credit"));
    }
    facts.add(new Fact.WindDownAsked(now, "low credit"));
    facts.add(
        new Fact.Announced(
            now,
            key(standing),
            what(standing),
            "Run %s is brought home now. Add credit, then run it again: it goes on from the frontier."
                .formatted(s.spec().run())));
    return Decision.note(
            "credit", "bring everything home and end", what(standing), facts.toArray(Fact[]::new))
        .resting(evidence(standing));
  }
}
