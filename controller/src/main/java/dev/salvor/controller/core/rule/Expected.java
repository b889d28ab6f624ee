package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long the next box of a run will be used, and what will travel: by the job's own pace where
/// it has shown one, else until the deadline, else a night; never longer than the budget lasts.
final class Expected {
  /// A budget that is nearly spent is no reason to weigh bytes by the second.
  private static final Duration LEAST = Duration.ofMinutes(30);

  /// Further ahead nobody plans.
  private static final Duration MOST = Duration.ofDays(30);

  private Expected() {}

  /// @param cheapest what an hour costs at least
  static Use of(RunState s, UsdPerHour cheapest, Instant now) {
    Duration wanted =
        Forecast.of(s, now)
            .map(Forecast::left)
            .or(() -> s.spec().deadline().map(end -> Duration.between(now, end)))
            .orElse(Use.TIME);
    Duration time = lasts(s, cheapest, now).filter(l -> l.compareTo(wanted) < 0).orElse(wanted);
    Duration most = time.compareTo(MOST) > 0 ? MOST : time;
    return Use.of(s.spec(), most.compareTo(LEAST) < 0 ? LEAST : most, s.cargo().frontierBytes());
  }

  private static Optional<Duration> lasts(RunState s, UsdPerHour cheapest, Instant now) {
    Usd left = Reserve.usable(s).minus(s.spent(now));
    return cheapest.micros() == 0
        ? Optional.empty()
        : Optional.of(
            Duration.ofSeconds((long) (3600.0 * Math.max(0, left.micros()) / cheapest.micros())));
  }
}
