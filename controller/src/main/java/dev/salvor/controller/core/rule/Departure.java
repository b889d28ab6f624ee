package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Leaving a box that still works, in order: it is told and the job asked for a checkpoint; when
/// that is home, or its time is up, the run goes on elsewhere.
///
/// @param rule whose reason it is
/// @param key of the notice, which is also what says when it began
/// @param next what a person can do
record Departure(String rule, String key, String why, String next, List<String> evidence) {
  /// A checkpoint that was asked for is written, copied and proven by then.
  private static final Duration IN_ORDER = Duration.ofMinutes(10);

  Optional<Decision> from(RunState s, Rental r, Instant now) {
    Optional<Notice> begun = s.notice(key);
    if (begun.isEmpty()) {
      return Optional.of(begin(s, now));
    }
    Instant since = begun.get().at();
    boolean home =
        s.cargo()
            .on(r.ref())
            .filter(u -> u.unit().kind() == UnitKind.CHECKPOINT && u.seenAt().isAfter(since))
            .anyMatch(u -> u.proof() instanceof Proof.Proven);
    boolean late = now.isAfter(since.plus(IN_ORDER));
    boolean idle = !(r.job() instanceof Rental.JobState.Running);
    return home || late || idle ? Optional.of(go(r, home, now)) : Optional.empty();
  }

  private Decision begin(RunState s, Instant now) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact.Announced(now, key, why, next));
    if (!s.spec().job().care().listens().isEmpty()) {
      facts.add(new Fact.CheckpointAsked(now, rule));
    }
    return Decision.note(
            rule, "make ready to leave the box in order", why, facts.toArray(Fact[]::new))
        .resting(evidence);
  }

  private Decision go(Rental r, boolean home, Instant now) {
    List<String> lines = new ArrayList<>(evidence);
    lines.add(
        home
            ? "a checkpoint that came after it was told is home"
            : "no checkpoint came in " + Told.time(IN_ORDER) + ", or no job runs there");
    return Decision.note(
            rule,
            "go on elsewhere from the frontier",
            why,
            new Fact.ArmChosen(now, r.ref(), Arm.RELAUNCH))
        .resting(lines);
  }
}
