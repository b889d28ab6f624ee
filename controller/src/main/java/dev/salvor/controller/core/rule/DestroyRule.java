package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Cargo.Proof;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A rental that the run is done with is destroyed, if there is a permit; if not, what stands
/// against it is announced once it will not change by itself.
final class DestroyRule implements Rule {
  private static final int FAILURES_TOLD = 3;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.rentals().values().stream()
        .filter(r -> r.held() && unwanted(s, policy, r))
        .filter(r -> !Situation.busy(s, r.ref()) && Situation.rested(r, now))
        .flatMap(r -> destroy(s, policy, r, now).stream())
        .findFirst();
  }

  private static boolean unwanted(RunState s, Policy policy, Rental r) {
    if (r.marks().abandoned()) {
      return true;
    }
    if (Situation.halted(s) || s.will() instanceof RunState.Will.LookOn) {
      return false;
    }
    boolean woundDown = s.will() instanceof RunState.Will.WindDown;
    boolean toDestroy = Situation.after(s, policy) == RunSpec.After.DESTROY || woundDown;
    return Situation.left(s, r) || (Situation.finishing(s, policy) && toDestroy);
  }

  private static Optional<Decision> destroy(RunState s, Policy policy, Rental r, Instant now) {
    Hold.Held held = (Hold.Held) r.hold();
    return switch (Permits.rule(s, r.ref(), now)) {
      case Permits.Ruling.Granted _ when failing(s, r) -> Optional.of(failing(s, r, now));
      case Permits.Ruling.Granted granted ->
          Optional.of(
              Decision.act(
                      "destroy",
                      "destroy instance " + held.instance(),
                      granted.terms().why(),
                      new Effect.Destroy(granted.terms()),
                      Duration.between(now, granted.terms().expires()))
                  .resting(evidence(s, r)));
      case Permits.Ruling.Refused refused -> blocked(s, policy, r, refused.reasons(), now);
    };
  }

  /// It was permitted again and again, and it did not work: somebody should look.
  private static boolean failing(RunState s, Rental r) {
    return r.marks().eraseFailures() >= FAILURES_TOLD && !s.announced("destroy-fails-" + r.ref());
  }

  private static Decision failing(RunState s, Rental r, Instant now) {
    String instance = ((Hold.Held) r.hold()).instance().toString();
    String what =
        "Instance %s could not be destroyed %d times in a row; it bills %s until it is"
            .formatted(instance, r.marks().eraseFailures(), r.seen().sight().burn());
    String next =
        "It is tried again. 'salvor explain %s' says why it failed: where a copy is not whole any more, mend the target, or bring it home anew with 'salvor pull %2$s --to DIR'. To let it go as it is: 'salvor destroy %2$s --abandon'."
            .formatted(s.spec().run(), instance);
    return Decision.note(
        "destroy",
        "say that instance " + instance + " is still there",
        what,
        new Fact.Announced(now, "destroy-fails-" + r.ref(), what, next));
  }

  private static List<String> evidence(RunState s, Rental r) {
    return List.of(
        "frontier " + s.cargo().frontier(),
        s.cargo().on(r.ref()).count() + " units seen, none of them unsafe",
        Told.job(r.job()) + (r.quiet() instanceof Rental.Quiet.At ? ", and the box is quiet" : ""),
        "verdict " + r.seen().verdict());
  }

  private static Optional<Decision> blocked(
      RunState s, Policy policy, Rental r, List<String> reasons, Instant now) {
    Hold.Held held = (Hold.Held) r.hold();
    boolean needsPerson = reasons.contains(Permits.NOT_APPROVED) && reasons.size() == 1;
    String key = needsPerson ? askKey(s, r) : "destroy-blocked-" + r.ref();
    boolean settled = !now.isBefore(lastMoved(s, r).plus(policy.patience().raise()));
    boolean moving = copying(s, r) || !settled;
    if (s.announced(key) || (moving && !needsPerson)) {
      return Optional.empty();
    }
    String what =
        "Instance " + held.instance() + " is not destroyed: " + String.join("; ", reasons);
    String next =
        needsPerson
            ? "Say yes with 'salvor approve " + s.spec().run() + "'."
            : "It burns %s until then. 'salvor pull %s --to DIR' brings home what can be reached; 'salvor destroy %2$s --abandon' says what would be lost, and gives that up."
                .formatted(r.seen().sight().burn(), held.instance());
    return Optional.of(
        Decision.note(
                "destroy",
                "keep instance " + held.instance(),
                what,
                new Fact.Announced(now, key, what, next))
            .resting(reasons));
  }

  /// A yes that lapsed is asked for anew.
  private static String askKey(RunState s, Rental r) {
    Instant lapsed = s.approvedUntil();
    String first = "approve-" + r.ref();
    return lapsed.equals(Instant.EPOCH) ? first : first + "-" + lapsed.getEpochSecond();
  }

  private static boolean copying(RunState s, Rental r) {
    return s.opened(Effect.CopyOut.class).stream().anyMatch(c -> c.rental().equals(r.ref()));
  }

  /// When something last happened that may yet lead to a permit.
  private static Instant lastMoved(RunState s, Rental r) {
    Stream<Instant> box =
        Stream.of(r.seen().verdictSince(), r.seen().statusSince(), r.marks().armAt());
    Stream<Instant> job =
        r.job() instanceof JobState.Ended ended ? Stream.of(ended.at()) : Stream.of();
    Stream<Instant> user =
        s.will() instanceof RunState.Will.WindDown w ? Stream.of(w.at()) : Stream.of();
    Stream<Instant> cargo = s.cargo().on(r.ref()).map(DestroyRule::lastMoved);
    return Stream.of(box, job, user, cargo)
        .flatMap(moments -> moments)
        .max(Comparator.naturalOrder())
        .orElse(r.askedAt());
  }

  private static Instant lastMoved(Stowed stowed) {
    return stowed.proof() instanceof Proof.Proven proven ? proven.at() : stowed.seenAt();
  }
}
