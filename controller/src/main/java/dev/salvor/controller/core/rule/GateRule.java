package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fit;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A box that is not what its job needs is given up before the job starts, and another offer is
/// taken; when one box after the other is refused, it is not the boxes.
final class GateRule implements Rule {
  private static final String RULE = "gate";

  /// Bad luck ends here: so many in a row were never seen of a query that makes sense.
  private static final int MOST = 5;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && !r.marks().givenUp() && refused(r))
        .flatMap(r ->
            r.aboard().fit().foreign()
                ? told(s, r, now)
                : Optional.of(refusedInARow(s) >= MOST ? end(s, r, now) : leave(s, r, now)));
  }

  /// One that its owner rented is not ours to leave: no job is started there, and he is told.
  private static Optional<Decision> told(RunState s, Rental r, Instant now) {
    Fit.Refusal refusal = r.aboard().fit().refusal();
    String key = "gate-%s-%d".formatted(r.ref(), refusal.boot());
    String what =
        "The job of run %s does not start on its box (%s): %s."
            .formatted(s.spec().run(), refusal.check(), refusal.evidence());
    String next =
        "Mend that and start the box again, or give it back: 'salvor destroy %s'."
            .formatted(s.spec().run());
    return s.announced(key)
        ? Optional.empty()
        : Optional.of(
            Decision.note(
                    RULE,
                    "say that the box is not fit for the job",
                    refusal.check() + ": " + refusal.evidence(),
                    new Fact.Announced(now, key, what, next))
                .resting(evidence(s, r)));
  }

  /// The box said so on the boot that it is at.
  static boolean refused(Rental r) {
    Fit.Refusal refusal = r.aboard().fit().refusal();
    return refusal.made() && refusal.boot() == r.aboard().boot();
  }

  /// Since a job last ran on one.
  private static long refusedInARow(RunState s) {
    return s.rentals().reversed().values().stream()
        .filter(r -> r.aboard().boot() > 0)
        .takeWhile(r -> r.aboard().fit().refusal().made())
        .count();
  }

  private static Decision leave(RunState s, Rental r, Instant now) {
    Fit.Refusal refusal = r.aboard().fit().refusal();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact.ArmChosen(now, r.ref(), Arm.RELAUNCH));
    facts.add(
        new Fact.Announced(
            now,
            "gate-" + refusal.check(),
            "The box of rental %s was refused before its job started (%s): %s."
                .formatted(r.ref(), refusal.check(), refusal.evidence()),
            "Another offer is taken, and machine %s is remembered. %s"
                .formatted(r.offer().machine(), avoid(refusal))));
    return Decision.note(
            RULE,
            "refuse the box and take another offer",
            refusal.check() + ": " + refusal.evidence(),
            facts.toArray(Fact[]::new))
        .resting(evidence(s, r));
  }

  /// The same would happen on every box.
  private static Decision end(RunState s, Rental r, Instant now) {
    Fit.Refusal refusal = r.aboard().fit().refusal();
    String what =
        "Run %s found %d boxes in a row that are not fit for its job, the last by %s: %s"
            .formatted(s.spec().run(), MOST, refusal.check(), refusal.evidence());
    return Decision.note(
            RULE,
            "end the run before it costs more",
            refusal.check() + ": " + refusal.evidence(),
            new Fact.WindDownAsked(now, "box after box is not fit: " + refusal.evidence()),
            new Fact.Announced(now, "gate-always", what, avoid(refusal) + " Then run it again."))
        .resting(evidence(s, r));
  }

  private static String avoid(Fit.Refusal refusal) {
    return refusal.filter().isEmpty()
        ? "No filter of the query would have told: see 'salvor explain'."
        : "Put %s into the query to pass such offers over.".formatted(refusal.filter());
  }

  private static List<String> evidence(RunState s, Rental r) {
    Fit.Refusal refusal = r.aboard().fit().refusal();
    List<String> lines = new ArrayList<>();
    lines.add("check " + refusal.check() + " on boot " + refusal.boot());
    lines.add(
        "offer %d: %d x %s, image %s"
            .formatted(
                r.offer().id(), r.offer().gpus(), r.offer().gpu(), s.spec().market().image()));
    lines.add(
        refusal.filter().isEmpty()
            ? "no filter would have avoided it"
            : "filter that avoids it: " + refusal.filter());
    lines.add(
        r.aboard().everOrdered()
            ? "a job ran on its disk: it is rescued before it is given back"
            : "no job ever ran on its disk");
    return lines;
  }
}
