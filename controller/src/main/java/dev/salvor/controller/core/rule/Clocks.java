package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Learned.Standing;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The danger clocks of a run: what runs out, and when it strikes as things go now.
public final class Clocks {
  private static final Duration DELETED = Duration.ofDays(2);

  /// What is further away is no danger.
  private static final Duration FAR = Duration.ofDays(60);

  private Clocks() {}

  /// One of them.
  ///
  /// @param kind budget, deadline, contract, deletion, credit
  public record Clock(String kind, String what, Instant strikes) {}

  /// The next to strike first.
  public static List<Clock> of(RunState s, Instant now) {
    List<Clock> clocks = new ArrayList<>();
    budget(s, now).ifPresent(clocks::add);
    if (!s.over()) {
      s.spec().deadline().ifPresent(at -> clocks.add(new Clock("deadline", "the run ends", at)));
      credit(s.learned().standing()).ifPresent(clocks::add);
    }
    for (Rental r : s.rentals().values()) {
      if (r.hold() instanceof Hold.Held held) {
        r.seen().sight().ends().ifPresent(end -> contract(held, end, clocks));
      }
    }
    clocks.removeIf(c -> c.strikes().isAfter(now.plus(FAR)));
    clocks.sort(Comparator.comparing(Clock::strikes));
    return List.copyOf(clocks);
  }

  private static void contract(Hold.Held held, Instant end, List<Clock> clocks) {
    clocks.add(
        new Clock("contract", "the contract of instance %s ends".formatted(held.instance()), end));
    clocks.add(
        new Clock(
            "deletion",
            "the platform deletes the disk of instance %s".formatted(held.instance()),
            end.plus(DELETED)));
  }

  /// The present burn, a paused disk's too, until nothing of the budget is left.
  private static Optional<Clock> budget(RunState s, Instant now) {
    UsdPerHour burn =
        s.rentals().values().stream()
            .filter(Rental::mayExist)
            .map(r -> r.meter().rate())
            .reduce(UsdPerHour.ZERO, UsdPerHour::plus);
    Usd left = Reserve.usable(s).minus(s.spent(now));
    if (burn.micros() == 0 || left.micros() < 0) {
      return Optional.empty();
    }
    String what = "at %s the budget is spent, but for bringing home".formatted(burn);
    return Optional.of(new Clock("budget", what, now.plus(lasts(left, burn))));
  }

  private static Optional<Clock> credit(Standing standing) {
    return standing.hours() == Long.MAX_VALUE || standing.burn().micros() == 0
        ? Optional.empty()
        : Optional.of(
            new Clock(
                "credit",
                "the account's %s are gone and the platform stops everything"
                    .formatted(standing.credit()),
                standing.at().plus(lasts(standing.credit(), standing.burn()))));
  }

  private static Duration lasts(Usd left, UsdPerHour burn) {
    return Duration.ofSeconds(3600 * Math.max(0, left.micros()) / burn.micros());
  }
}
