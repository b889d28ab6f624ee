package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.DangerClocks;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Rents the best offer when the run has no box to go on with and every earlier one is confirmed to
/// stand still.
final class RentRule implements Rule {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy) || !needed(s) || !earlierStandStill(s) || unknown(s)) {
      return Optional.empty();
    }
    if (SearchRule.stale(s, policy, now) || now.isBefore(s.market().notBefore())) {
      return Optional.empty();
    }
    Fare fare = Fare.of(s, policy, now);
    return best(s, fare).map(offer -> rent(s, fare, offer));
  }

  /// There is no rental that the run could go on with, or that may turn out to be one.
  static boolean needed(RunState s) {
    return s.current().map(r -> r.marks().givenUp() || !r.mayExist()).orElse(true);
  }

  /// At most one generation runs: the others are stopped by the provider's word, offline, or gone.
  private static boolean earlierStandStill(RunState s) {
    return s.rentals().values().stream().filter(Rental::mayExist).allMatch(RentRule::standsStill);
  }

  /// While nothing is known of a box, the one that is to take its place is not rented.
  private static boolean unknown(RunState s) {
    return s.rentals().values().stream()
        .anyMatch(r -> r.mayExist() && r.seen().verdict() instanceof Verdict.Unknown);
  }

  private static boolean standsStill(Rental r) {
    return r.held() && (r.stoppedForGood() || r.seen().sight().is(Sight.Status.OFFLINE));
  }

  private static Decision rent(RunState s, Fare fare, Offer offer) {
    UsdPerHour price = fare.price(offer);
    RentalRef ref = nextRef(s);
    String how = fare.bid() ? "bid " + price : price.toString();
    return Decision.act(
            "rent",
            "rent %d x %s on machine %s at %s"
                .formatted(offer.gpus(), offer.gpu(), offer.machine(), how),
            why(s, fare, offer) + "; " + DangerClocks.of(offer, s.market().searchedAt()),
            new Effect.Create(ref, offer, price, fare.bid()),
            PATIENCE)
        .resting(
            Stream.of(
                    Stream.of(
                        "cap " + s.spec().market().cap(),
                        s.market().offers().size() + " offers fit",
                        "reckoned with %s, %s onto it, %s off it"
                            .formatted(
                                Told.time(fare.use().time()),
                                Told.bytes(fare.use().down()),
                                Told.bytes(fare.use().up()))),
                    Stream.of(fare.why()).filter(why -> !why.isEmpty()),
                    ranked(s, fare).limit(3).map(o -> line(fare, o)),
                    passedOver(s, fare, offer).map(o -> held(s, o)))
                .flatMap(lines -> lines)
                .toList());
  }

  private static String why(RunState s, Fare fare, Offer offer) {
    return s.market().heldAgainst(offer.machine()).isPresent()
        ? "nothing fits but machines that failed us before"
        : passedOver(s, fare, offer).findAny().isPresent()
            ? "the cheapest offer that fits, on a machine that has not failed us"
            : "the cheapest offer that fits";
  }

  /// Cheaper ones, on machines that failed other runs.
  private static Stream<Offer> passedOver(RunState s, Fare fare, Offer offer) {
    return ranked(s, fare)
        .filter(o -> s.market().heldAgainst(o.machine()).isPresent())
        .filter(o -> fare.allIn(o).compareTo(fare.allIn(offer)) < 0);
  }

  private static String held(RunState s, Offer o) {
    return "machine %s comes last: %s"
        .formatted(
            o.machine(),
            s.market()
                .heldAgainst(o.machine())
                .map(f -> "%s (run %s, %s)".formatted(f.why(), f.run(), f.at()))
                .orElse(""));
  }

  private static String line(Fare fare, Offer o) {
    return "offer %d: %d x %s in %s at %s, %s all in, reliability %.3f"
        .formatted(
            o.id(), o.gpus(), o.gpu(), o.place(), fare.price(o), fare.allIn(o), o.reliability());
  }

  /// A new generation after one that may have run; another attempt after one that never was.
  private static RentalRef nextRef(RunState s) {
    if (s.rentals().isEmpty()) {
      return new RentalRef(1, 1);
    }
    Rental last = s.rentals().lastEntry().getValue();
    boolean never = last.hold() instanceof Rental.Hold.Never;
    return never
        ? new RentalRef(last.ref().generation(), last.ref().attempt() + 1)
        : new RentalRef(last.ref().generation() + 1, 1);
  }

  /// The cheapest offer in all under the cap, on a machine that has not failed this run; one that
  /// failed another run, or whose contract is too short, only where there is no other.
  static Optional<Offer> best(RunState s, Fare fare) {
    return ranked(s, fare).findFirst();
  }

  private static Stream<Offer> ranked(RunState s, Fare fare) {
    return s.market().offers().stream()
        .filter(o -> fare.price(o).compareTo(s.spec().market().cap()) <= 0 && fare.runs(o))
        .filter(o -> !s.market().avoid().contains(o.machine()) && !rentedThere(s, o))
        .sorted(
            Comparator.<Offer, Boolean>comparing(
                    o -> s.market().heldAgainst(o.machine()).isPresent())
                .thenComparing(o -> fare.use().outlasts(o.contract()))
                .thenComparing(fare::allIn)
                .thenComparingLong(Offer::id));
  }

  private static boolean rentedThere(RunState s, Offer offer) {
    return s.rentals().values().stream().anyMatch(r -> r.offer().machine().equals(offer.machine()));
  }
}
