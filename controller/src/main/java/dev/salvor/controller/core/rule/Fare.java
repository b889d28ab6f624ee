package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Whether the next box is bid for or taken on demand: a bid, as long as the deadline has room for
/// what a bid is expected to lose.
///
/// @param why empty where there was nothing to weigh
record Fare(boolean bid, double margin, String why) {
  /// Work since the last checkpoint that is done again after a loss, where nothing better is known.
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /// Losses come in bunches.
  private static final int SAFETY = 2;

  static Fare of(RunState s, Policy policy, Instant now) {
    double margin = policy.worth().bidMargin();
    boolean bids = s.spec().market().interruptible();
    Optional<Forecast> forecast = bids ? Forecast.of(s, now) : Optional.empty();
    return forecast.map(f -> pressed(s, policy, f, now)).orElse(new Fare(bids, margin, ""));
  }

  private static Fare pressed(RunState s, Policy policy, Forecast f, Instant now) {
    Mtbf mtbf = Mtbf.of(s, now);
    Duration coming = s.learned().comes(policy.worth().coming());
    Duration each = coming.plus(AGAIN);
    double losses = (double) f.left().toSeconds() / Math.max(1, mtbf.mean().toSeconds());
    Duration lost = Duration.ofSeconds(Math.round(losses * each.toSeconds() * SAFETY)).plus(each);
    boolean roomForBids = f.slack().compareTo(lost) >= 0;
    boolean canBeMet = f.slack().compareTo(coming) >= 0;
    String why =
        roomForBids
            ? "%s, and a bid loses %s at worst".formatted(f.words(), Told.time(lost))
            : canBeMet
                ? "%s, less than the %s that bids may lose: on demand"
                    .formatted(f.words(), Told.time(lost))
                : "%s: it cannot be met any more, so the cheapest is taken".formatted(f.words());
    return new Fare(roomForBids || !canBeMet, policy.worth().bidMargin(), why);
  }

  UsdPerHour price(Offer offer) {
    return bid ? offer.minBid().times(margin) : offer.price();
  }
}
