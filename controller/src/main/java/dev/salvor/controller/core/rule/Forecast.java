package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How much work is left, by the pace of this run's own checkpoints, and how much time its deadline
/// leaves beside it.
///
/// @param left what the job needs from the frontier on
/// @param slack what is left over; negative when the deadline cannot be met
record Forecast(Duration left, Duration slack, String words) {

  /// Empty without a deadline, or while the job has not told how far it goes and shown how fast.
  static Optional<Forecast> of(RunState s, Instant now) {
    long total = s.learned().totalSteps();
    double pace = stepsPerSecond(s);
    if (s.spec().deadline().isEmpty() || total <= 0 || pace <= 0) {
      return Optional.empty();
    }
    Instant deadline = s.spec().deadline().get();
    long step = s.cargo().frontier() instanceof Frontier.At at ? at.step() : 0;
    Duration left = Duration.ofSeconds(Math.round(Math.max(0, total - step) / pace));
    Duration slack = Duration.between(now, deadline).minus(left);
    String words =
        "deadline %s: steps %d to %d at %.2f a second need %s, which leaves %s"
            .formatted(
                Told.moment(deadline),
                step,
                total,
                pace,
                Told.time(left),
                slack.isNegative() ? "nothing" : Told.time(slack));
    return Optional.of(new Forecast(left, slack, words));
  }

  /// From the first to the last checkpoint of each box.
  private static double stepsPerSecond(RunState s) {
    long steps = 0;
    Duration time = Duration.ZERO;
    for (Rental r : s.rentals().values()) {
      List<Stowed> seen =
          s.cargo().on(r.ref()).filter(u -> u.unit().kind() == UnitKind.CHECKPOINT).toList();
      if (seen.size() > 1) {
        Stowed first = seen.getFirst();
        Stowed last = seen.getLast();
        steps += Math.max(0, last.unit().step() - first.unit().step());
        time = time.plus(Duration.between(first.seenAt(), last.seenAt()));
      }
    }
    return time.toSeconds() <= 0 ? 0 : (double) steps / time.toSeconds();
  }
}
