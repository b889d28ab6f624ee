package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A running rental that costs more than it did is told of; the run leaves it where going on
/// elsewhere pays, moving and all, or where it costs more than the cap.
final class PriceRule implements Rule {
  /// Less is rounding.
  private static final double RISE = 1.02;

  /// Moving is only worth it if the new price holds for a while.
  private static final Duration AHEAD = Duration.ofHours(6);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> !Situation.left(s, r) && rose(r))
        .flatMap(r -> risen(s, policy, r, now));
  }

  static boolean rose(Rental r) {
    UsdPerHour agreed = r.seen().agreed();
    return r.held()
        && r.alive()
        && Situation.is(r, Sight.Status.RUNNING)
        && agreed.micros() > 0
        && r.seen().sight().burn().compareTo(agreed.times(RISE)) > 0;
  }

  private static Optional<Decision> risen(RunState s, Policy policy, Rental r, Instant now) {
    if (!s.announced(told(r))) {
      return Optional.of(tell(s, r, told(r), now));
    }
    if (s.announced(leaves(r))) {
      return departure(r, List.of("begun when it was told")).from(s, r, now);
    }
    if (SearchRule.stale(s, policy, now)) {
      return Optional.empty();
    }
    return leaving(s, policy, r, now).flatMap(d -> d.from(s, r, now));
  }

  /// Of the notice that this price is new.
  static String told(Rental r) {
    return "price-%s-%d".formatted(r.ref(), r.seen().sight().burn().micros());
  }

  private static String leaves(Rental r) {
    return "price-leave-" + r.ref();
  }

  private static Departure departure(Rental r, List<String> lines) {
    return new Departure(
        "price",
        leaves(r),
        what(r) + "; elsewhere is cheaper, moving and all",
        "Nothing is to be done: what it holds is brought home first.",
        lines);
  }

  private static String what(Rental r) {
    return "Instance %s costs %s now; it was rented at %s"
        .formatted(((Hold.Held) r.hold()).instance(), r.seen().sight().burn(), r.seen().agreed());
  }

  private static Decision tell(RunState s, Rental r, String key, Instant now) {
    return Decision.note(
            "price",
            "say that a price went up",
            what(r),
            new Fact.Announced(
                now,
                key,
                what(r),
                "Run %s goes on elsewhere if that pays; 'salvor explain %s' shows the sums."
                    .formatted(s.spec().run(), s.spec().run())))
        .resting(List.of("cap " + s.spec().market().cap()));
  }

  private static Optional<Departure> leaving(RunState s, Policy policy, Rental r, Instant now) {
    UsdPerHour price = r.seen().sight().burn();
    Fare fare = Fare.of(s, policy, now);
    Optional<Offer> offer = RentRule.best(s, fare);
    if (offer.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    Usd stay = price.over(AHEAD);
    lines.add("stay: %s for %s = %s".formatted(price, Told.time(AHEAD), stay));
    Usd move = move(s, policy, fare, offer.get(), lines);
    boolean overCap = over(s, r);
    if (overCap) {
      lines.add("%s is over the cap of %s".formatted(price, s.spec().market().cap()));
    }
    return move.compareTo(stay) < 0 || overCap
        ? Optional.of(departure(r, lines))
        : Optional.empty();
  }

  /// Without its disk, which the cap does not count.
  private static boolean over(RunState s, Rental r) {
    long gpu = r.seen().sight().burn().micros() - r.offer().storage().micros();
    return gpu > s.spec().market().cap().micros();
  }

  private static Usd move(RunState s, Policy policy, Fare fare, Offer offer, List<String> lines) {
    UsdPerHour price = fare.price(offer).plus(offer.storage());
    Duration coming = s.learned().comes(policy.worth().coming());
    Usd running = price.over(AHEAD);
    Usd delay = price.plus(policy.worth().delay()).over(coming);
    Usd bytes = offer.download(s.cargo().frontierBytes());
    Usd all = running.plus(delay).plus(bytes);
    lines.add(
        "move: %s for %s %s + %s until it is up %s + %s onto it %s = %s"
            .formatted(
                price,
                Told.time(AHEAD),
                running,
                Told.time(coming),
                delay,
                Told.bytes(s.cargo().frontierBytes()),
                bytes,
                all));
    return all;
  }
}
