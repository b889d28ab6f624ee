package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Unattended;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Until when a box may spend money without a controller: as long as the budget lasts while it is
/// the one that the run goes on with and its deadline has not come, and no longer than a box
/// without a job otherwise.
public final class Leases {
  private static final double NANOS_PER_HOUR = 3.6e12;

  private Leases() {}

  public static Instant until(RunState s, RentalRef ref, Policy policy, Instant now) {
    Unattended rules = rules(s, policy);
    Optional<Rental> rental = Optional.ofNullable(s.rentals().get(ref));
    boolean works =
        rental.isPresent() && !Situation.finishing(s, policy) && !Situation.left(s, rental.get());
    return works
        ? s.spec()
            .deadline()
            .map(end -> earlier(end, lease(s, rules, now)))
            .orElse(lease(s, rules, now))
        : now.plus(rules.grace());
  }

  /// What a run's boxes may do alone: as its user said, else as the controller does.
  public static Unattended rules(RunState s, Policy policy) {
    RunSpec.Finish finish = s.spec().finish();
    Unattended usual = policy.unattended();
    return new Unattended(
        finish.lease().isZero() ? usual.lease() : finish.lease(),
        finish.unattended().isZero() ? usual.grace() : finish.unattended(),
        usual.startsAlone());
  }

  private static Instant lease(RunState s, Unattended rules, Instant now) {
    return now.plus(shorter(afforded(s, now), rules.lease()));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /// How long the money lasts at the present rates; what a box costs that is not seen running yet
  /// is its price.
  private static Duration afforded(RunState s, Instant now) {
    Usd left = BudgetRule.usable(s).minus(s.spent(now));
    long micros =
        s.rentals().values().stream()
            .filter(Rental::mayExist)
            .mapToLong(r -> Math.max(r.meter().rate().micros(), rate(s, r)))
            .sum();
    if (left.micros() <= 0) {
      return Duration.ZERO;
    }
    double nanos = micros == 0 ? Double.MAX_VALUE : NANOS_PER_HOUR * left.micros() / micros;
    return nanos >= Long.MAX_VALUE
        ? Duration.ofNanos(Long.MAX_VALUE)
        : Duration.ofNanos((long) nanos);
  }

  private static long rate(RunState s, Rental r) {
    return Situation.left(s, r) ? 0 : r.price().micros();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
