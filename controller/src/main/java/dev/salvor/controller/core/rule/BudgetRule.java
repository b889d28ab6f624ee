package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The run's own budget, less what bringing home costs: at 80 % it is told, at 95 % a checkpoint is
/// asked for, at 100 % the run is brought home; when the whole budget is gone, every box is
/// stopped.
final class BudgetRule implements Rule {
  private static final int TOLD = 80;
  private static final int NEAR = 95;
  private static final int FULL = 100;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    Usd spent = s.spent(now);
    boolean windingDown = s.will() instanceof RunState.Will.WindDown && !s.over();
    if (windingDown && spent.compareTo(s.spec().budget()) >= 0) {
      return Optional.of(spentAll(s, spent, now));
    }
    // Asked at every turn, so the cheap question first: whatever is kept back, this is little.
    double least = s.spec().budget().micros() * (1 - Reserve.MOST) * TOLD / FULL;
    if (!Situation.carryingOn(s) || spent.micros() < least) {
      return Optional.empty();
    }
    if (spent.micros() * FULL < usable(s).micros() * TOLD) {
      return Optional.empty();
    }
    return step(s, new Account(spent, Reserve.of(s), now));
  }

  /// Where the money stands.
  private record Account(Usd spent, Reserve reserve, Instant now) {
    Usd usable(RunState s) {
      return s.spec().budget().minus(reserve.usd());
    }

    long percent(RunState s) {
      return spent.micros() * FULL / Math.max(1, usable(s).micros());
    }

    List<String> lines(RunState s) {
      List<String> lines = new ArrayList<>();
      lines.add("spent " + spent);
      lines.add("budget %s, of which %s is kept back".formatted(s.spec().budget(), reserve.usd()));
      lines.addAll(reserve.lines());
      return lines;
    }
  }

  /// Told once of each budget.
  private static String key(RunState s, int percent) {
    return "budget-%d-of-%s".formatted(percent, s.spec().budget());
  }

  /// What may be spent before everything is brought home.
  static Usd usable(RunState s) {
    return Reserve.usable(s);
  }

  private static Optional<Decision> step(RunState s, Account account) {
    long percent = account.percent(s);
    if (percent >= FULL) {
      return Optional.of(bringHome(s, account));
    }
    if (percent >= NEAR && !s.announced(key(s, NEAR))) {
      return Optional.of(near(s, account));
    }
    boolean told = s.announced(key(s, TOLD)) || s.announced(key(s, NEAR));
    return told ? Optional.empty() : Optional.of(tell(s, account));
  }

  private static Decision tell(RunState s, Account account) {
    String what =
        "Run %s has spent %d %% of what it may: %s of %s; %s"
            .formatted(
                s.spec().run(),
                account.percent(s),
                account.spent(),
                account.usable(s),
                lasts(s, account));
    return Decision.note(
            "budget",
            "say that the budget comes to its end",
            what,
            new Fact.Announced(
                account.now(),
                key(s, TOLD),
                what,
                "Nothing is to be done: it is brought home in time. 'salvor budget %s USD' raises it."
                    .formatted(s.spec().run())))
        .resting(account.lines(s));
  }

  /// How long the rest lasts at the present burn, and until when.
  private static String lasts(RunState s, Account account) {
    UsdPerHour burn =
        s.rentals().values().stream()
            .map(r -> r.meter().rate())
            .reduce(UsdPerHour.ZERO, UsdPerHour::plus);
    if (burn.micros() == 0) {
      return "nothing burns now";
    }
    Usd left = account.usable(s).minus(account.spent());
    Duration time = Duration.ofSeconds(Math.max(0, 3600 * left.micros() / burn.micros()));
    return "at %s the rest lasts %s, until %s"
        .formatted(burn, Told.time(time), Told.moment(account.now().plus(time)));
  }

  private static Decision near(RunState s, Account account) {
    String what =
        "Run %s has spent 95 %% of what it may: %s of %s"
            .formatted(s.spec().run(), account.spent(), account.usable(s));
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact.Announced(
            account.now(),
            key(s, NEAR),
            what,
            "Its job is asked for a checkpoint where it listens; then it is brought home."));
    if (!s.spec().job().care().listens().isEmpty()) {
      facts.add(new Fact.CheckpointAsked(account.now(), "budget"));
    }
    return Decision.note("budget", "ready to be brought home", what, facts.toArray(Fact[]::new))
        .resting(account.lines(s));
  }

  private static Decision bringHome(RunState s, Account account) {
    String what =
        "Run %s reached its budget: %s of %s, and %s is kept to bring it home"
            .formatted(s.spec().run(), account.spent(), s.spec().budget(), account.reserve().usd());
    return Decision.note(
            "budget",
            "bring everything home and end",
            "the budget of " + s.spec().budget() + " is spent but for what bringing home costs",
            new Fact.WindDownAsked(account.now(), "budget"),
            new Fact.Announced(
                account.now(),
                "budget",
                what,
                "To go on from the frontier, run it again with a larger --budget."))
        .resting(account.lines(s));
  }

  /// Bringing home took longer than the money lasted: the meter of the GPU stops, the disk is kept.
  private static Decision spentAll(RunState s, Usd spent, Instant now) {
    String what = "Run %s has spent its whole budget: %s".formatted(s.spec().run(), spent);
    return Decision.note(
            "budget",
            "stop everything at once",
            "the budget of " + s.spec().budget() + " is spent",
            new Fact.HaltAsked(now, "budget"),
            new Fact.Announced(
                now,
                "budget-spent",
                what,
                "Its boxes are stopped, not destroyed. 'salvor destroy %s' brings home what they hold and ends them."
                    .formatted(s.spec().run())))
        .resting(List.of("spent " + spent, "budget " + s.spec().budget()));
  }
}
