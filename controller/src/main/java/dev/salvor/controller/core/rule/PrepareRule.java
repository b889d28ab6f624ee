package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fit;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Use;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A new disk is made fit before its job starts: a real login, then the user's directory. A box
/// where that does not work is given up for another offer; where it can work with none, the run is
/// ended before it costs more.
final class PrepareRule implements Rule {
  /// A large directory over a slow uplink.
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private static final String RULE = "prepare";

  /// A start-up text runs within this, and the agent after it.
  private static final Duration SPEAKS = Duration.ofSeconds(60);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    Optional<Rental> box = s.current().filter(r -> r.held() && !Situation.left(s, r));
    return box.filter(PrepareRule::boarding)
        .flatMap(r -> board(s, policy, r, now))
        .or(() -> box.filter(r -> !boarding(r) && due(s, r)).flatMap(r -> next(s, policy, r, now)));
  }

  /// The job may not start on this disk yet.
  static boolean due(RunState s, Rental r) {
    if (r.aboard().fit().foreign()) {
      return !r.aboard().fit().made();
    }
    // By the orders, not by the boot: a box may be stopped and come back before it was ready.
    return (!s.spec().box().sync().isEmpty() || bulky(s))
        && !r.aboard().everOrdered()
        && !r.aboard().fit().made();
  }

  /// What it will send is told to be much: whether its way carries that is seen before.
  private static boolean bulky(RunState s) {
    return s.spec().box().hasSshd() && Use.much(Use.told(s.spec()));
  }

  /// A box that its owner started, and that does not speak: our agent is still to be put there, or
  /// did not come back with it.
  static boolean boarding(Rental r) {
    Fit fit = r.aboard().fit();
    return fit.foreign() && (!fit.made() || r.seen().verdict() instanceof Verdict.Coming);
  }

  /// It is entered again and again, and never given up for another: it is not ours to leave.
  private static Optional<Decision> board(RunState s, Policy policy, Rental r, Instant now) {
    Fit fit = r.aboard().fit();
    boolean late = now.isAfter(r.askedAt().plus(policy.patience().login()));
    if (late && r.aboard().boot() == 0 && !s.announced(RULE)) {
      return Optional.of(absent(s, r, now));
    }
    boolean waits =
        preparing(s, r)
            || now.isBefore(fit.notBefore())
            || !Situation.is(r, Sight.Status.RUNNING)
            || now.isBefore(r.seen().statusSince().plus(fit.made() ? SPEAKS : Duration.ZERO));
    String why =
        fit.failures() > 0 ? "again: " + fit.trouble() : "it was rented by hand, and has none";
    return waits
        ? Optional.empty()
        : Optional.of(
            Decision.act(
                RULE,
                "put the agent on instance " + ((Hold.Held) r.hold()).instance(),
                why,
                new Effect.Prepare(r.ref(), ((Hold.Held) r.hold()).instance()),
                PATIENCE));
  }

  private static Decision absent(RunState s, Rental r, Instant now) {
    Fit fit = r.aboard().fit();
    String trouble = fit.trouble().isEmpty() ? "its agent does not speak" : fit.trouble();
    String what =
        "Run %s does not look after instance %s yet: %s"
            .formatted(s.spec().run(), ((Hold.Held) r.hold()).instance(), trouble);
    return Decision.note(
            RULE,
            "say that the box is not looked after",
            trouble,
            new Fact.Announced(
                now,
                RULE,
                what,
                "It is tried again. Look there with 'salvor shell %s'.".formatted(s.spec().run())))
        .resting(
            List.of(
                fit.failures() + " tries failed",
                "the provider says: " + r.seen().sight().words()));
  }

  private static Optional<Decision> next(RunState s, Policy policy, Rental r, Instant now) {
    Fit fit = r.aboard().fit();
    if (preparing(s, r)) {
      return Optional.empty();
    }
    boolean late = fit.failures() > 0 && now.isAfter(fit.since().plus(policy.patience().login()));
    return switch (fit.fault()) {
      case OURS -> Optional.of(end(s, fit, now));
      case BOX -> Optional.of(giveUp(r, fit, now));
      case NONE, PASSING ->
          late
              ? Optional.of(giveUp(r, fit, now))
              : r.alive() && !now.isBefore(fit.notBefore())
                  ? Optional.of(prepare(s, r))
                  : Optional.empty();
    };
  }

  private static boolean preparing(RunState s, Rental r) {
    return s.opened(Effect.Prepare.class).stream().anyMatch(p -> p.rental().equals(r.ref()));
  }

  private static Decision prepare(RunState s, Rental r) {
    Fit fit = r.aboard().fit();
    return Decision.act(
            RULE,
            s.spec().box().sync().isEmpty()
                ? "log in to the box, with a megabyte there and back"
                : "log in to the box and bring %s to /app".formatted(s.spec().box().sync()),
            fit.failures() == 0 ? "the job needs it before it starts" : "again: " + fit.trouble(),
            new Effect.Prepare(r.ref(), ((Hold.Held) r.hold()).instance()),
            PATIENCE)
        .resting(List.of("boot " + r.aboard().boot(), fit.failures() + " tries failed"));
  }

  private static Decision giveUp(Rental r, Fit fit, Instant now) {
    return Decision.note(
            RULE,
            "take another offer",
            "the box could not be made ready: " + fit.trouble(),
            new Fact.ArmChosen(now, r.ref(), Arm.RELAUNCH))
        .resting(
            List.of(
                fit.failures() + " tries since " + fit.since(),
                "the provider says: " + r.seen().sight().words()));
  }

  /// The same would happen on every box.
  private static Decision end(RunState s, Fit fit, Instant now) {
    String what = "Run %s cannot start on any box: %s".formatted(s.spec().run(), fit.trouble());
    return Decision.note(
        RULE,
        "end the run before it costs more",
        fit.trouble(),
        new Fact.WindDownAsked(now, "what is in the way on this machine: " + fit.trouble()),
        new Fact.Announced(
            now, "unfit", what, "Mend that, then run it again: the box is given back."));
  }
}
