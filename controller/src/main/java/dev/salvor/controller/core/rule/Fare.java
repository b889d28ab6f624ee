package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.AllIn;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// Whether the next box is bid for or taken on demand: a bid, as long as the deadline has room for
/// what a bid is expected to lose.
///
/// @param first what is bid first, whatever the lowest is; zero for the lowest and the margin
/// @param use how the box will be used
/// @param why empty where there was nothing to weigh
record Fare(boolean bid, double margin, UsdPerHour first, Use use, String why) {
  /// Work since the last checkpoint that is done again after a loss, where nothing better is known.
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /// Losses come in bunches.
  private static final int SAFETY = 2;

  static Fare of(RunState s, Policy policy, Instant now) {
    boolean bids = s.spec().market().interruptible();
    Optional<Forecast> forecast = bids ? Forecast.of(s, now) : Optional.empty();
    Fare unused =
        forecast.map(f -> pressed(s, policy, f, now)).orElse(made(s, policy, bids, Use.USUAL, ""));
    UsdPerHour cheapest =
        s.market().offers().stream()
            .map(unused::price)
            .min(Comparator.naturalOrder())
            .orElse(UsdPerHour.ZERO);
    return made(s, policy, unused.bid(), Expected.of(s, cheapest, now), unused.why());
  }

  private static Fare made(RunState s, Policy policy, boolean bid, Use use, String why) {
    return new Fare(bid, margin(s, policy), s.spec().market().bid().first(), use, why);
  }

  /// What is bid over the lowest bid that runs, as a factor: as its user says, else as the policy.
  static double margin(RunState s, Policy policy) {
    double own = s.spec().market().bid().margin();
    return own > 0 ? own : policy.worth().bidMargin();
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
    return made(s, policy, roomForBids || !canBeMet, Use.USUAL, why);
  }

  UsdPerHour price(Offer offer) {
    if (!bid) {
      return offer.price();
    }
    return first.micros() > 0 ? first : offer.minBid().times(margin);
  }

  /// A bid under the lowest that runs would only be outbid.
  boolean runs(Offer offer) {
    return !bid || price(offer).compareTo(offer.minBid()) >= 0;
  }

  /// An hour there in all, which offers are compared by.
  UsdPerHour allIn(Offer offer) {
    return AllIn.of(offer, price(offer), bid, use).hour();
  }
}
