package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;

/// How long a box of this run lasts in the mean: what was seen of this run's boxes, and one loss in
/// half a day before anything was seen.
///
/// @param ran how long boxes of this run ran in all
record Mtbf(Duration mean, Duration ran, int losses) {
  /// A bid on a busy card is outbid a time or two a day.
  private static final Duration PRIOR = Duration.ofHours(12);

  static Mtbf of(RunState s, Instant now) {
    Duration ran =
        s.rentals().values().stream()
            .map(Rental::meter)
            .map(meter -> meter.parts(now).ran())
            .reduce(Duration.ZERO, Duration::plus);
    int losses = s.learned().losses();
    return new Mtbf(PRIOR.plus(ran).dividedBy(1L + losses), ran, losses);
  }

  @Override
  public String toString() {
    return "a box lasts %s in the mean: %d lost in %s, and one in %s before that was seen"
        .formatted(Told.time(mean), losses, Told.time(ran), Told.time(PRIOR));
  }
}
