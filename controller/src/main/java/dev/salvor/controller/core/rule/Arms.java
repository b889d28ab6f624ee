package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Prices.Fared;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The arithmetic of the three arms: what each is expected to cost over the horizon, in dollars,
/// delay and work done again priced too.
record Arms(Arm best, UsdPerHour bid, String why, List<String> evidence) {

  /// What all three are weighed by.
  private record Scale(RunState s, Policy policy, Rental r, Instant now, Setback setback) {
    Usd running(UsdPerHour price) {
      return price.over(policy.worth().horizon());
    }

    String horizon() {
      return Told.time(policy.worth().horizon());
    }

    /// A time in which nothing moves on.
    Usd delay(Duration time) {
      return policy.worth().delay().over(time);
    }

    /// Work that is done again, on a box of this price.
    Usd again(Duration work, UsdPerHour price) {
      return price.plus(policy.worth().delay()).over(work);
    }
  }

  static Arms weigh(RunState s, Policy policy, Rental r, Instant now) {
    Scale scale = new Scale(s, policy, r, now, Setback.of(s, r));
    UsdPerHour bid = r.seen().sight().minBid().times(Fare.margin(s, policy));
    List<Priced> priced = new ArrayList<>();
    List<String> evidence = new ArrayList<>(List.of(scale.setback().words()));
    Forecast.of(s, now).ifPresent(f -> evidence.add(f.words()));
    relaunch(scale).ifPresentOrElse(priced::add, () -> evidence.add("relaunch: no offer fits"));
    unraisable(scale, bid)
        .ifPresentOrElse(why -> evidence.add("raise: " + why), () -> priced.add(raise(scale, bid)));
    unwaitable(r)
        .ifPresentOrElse(why -> evidence.add("wait: " + why), () -> priced.add(waiting(scale)));
    priced.forEach(arm -> evidence.add(arm.toString()));
    return chosen(scale, priced, bid, evidence);
  }

  /// Those that keep the deadline, if any does; the cheapest of them.
  private static Arms chosen(
      Scale scale, List<Priced> priced, UsdPerHour bid, List<String> evidence) {
    Optional<Duration> slack = Forecast.of(scale.s(), scale.now()).map(Forecast::slack);
    List<Priced> timely =
        slack
            .map(room -> priced.stream().filter(p -> p.idle().compareTo(room) <= 0).toList())
            .orElse(priced);
    boolean late = !timely.isEmpty() && timely.size() < priced.size();
    if (late) {
      priced.stream()
          .filter(p -> !timely.contains(p))
          .forEach(p -> evidence.add(p.name() + ": would miss the deadline"));
    }
    Optional<Priced> best =
        (timely.isEmpty() ? priced : timely).stream().min(Comparator.comparing(Priced::cost));
    String why =
        best.map(b ->
                "expected to cost least%s: %s"
                    .formatted(late ? " of those that keep the deadline" : "", b.cost()))
            .orElse("nothing else is left to try");
    return new Arms(best.map(Priced::arm).orElse(Arm.RELAUNCH), bid, why, evidence);
  }

  /// Why the bid cannot be raised, if so.
  private static Optional<String> unraisable(Scale scale, UsdPerHour bid) {
    RunSpec.Market market = scale.s().spec().market();
    if (market.bidding() == RunSpec.Bidding.FIXED) {
      return Optional.of("its user fixed the bid");
    }
    if (expired(scale.r())) {
      return Optional.of("its contract is over");
    }
    if (scale.r().marks().arms().contains(Arm.RAISE)) {
      return Optional.of("tried, and the box did not come back in time");
    }
    if (bid.micros() == 0) {
      return Optional.of("the provider names no bid that would run");
    }
    return bid.compareTo(market.cap()) > 0
        ? Optional.of("%s is over the cap of %s".formatted(bid, market.cap()))
        : Optional.empty();
  }

  /// Why it is of no use to wait, if so.
  private static Optional<String> unwaitable(Rental r) {
    if (expired(r)) {
      return Optional.of("its contract is over");
    }
    if (r.stoppedForGood()) {
      return Optional.of("it was stopped, and does not come back by itself");
    }
    return r.marks().arms().contains(Arm.WAIT)
        ? Optional.of("waited long enough")
        : Optional.empty();
  }

  private static boolean expired(Rental r) {
    return Situation.lostBy(r, dev.salvor.controller.core.Verdict.Cause.CONTRACT_EXPIRED);
  }

  private static Optional<Priced> relaunch(Scale scale) {
    RunState s = scale.s();
    Fare fare = Fare.of(s, scale.policy(), scale.now());
    return RentRule.best(s, fare)
        .map(offer -> {
          UsdPerHour price = fare.price(offer);
          Duration coming = s.learned().comes(scale.policy().worth().coming());
          Duration work = scale.setback().elsewhere();
          long onto = s.cargo().frontierBytes();
          return new Priced(Arm.RELAUNCH, coming.plus(work))
              .plus(scale.running(price), "%s for %s".formatted(price, scale.horizon()))
              .plus(
                  price.plus(scale.policy().worth().delay()).over(coming),
                  Told.time(coming) + " until it is up")
              .plus(scale.again(work, price), Told.time(work) + " of work again")
              .plus(
                  offer.download(onto),
                  "%s onto it%s".formatted(Told.bytes(onto), fare.bid() ? "" : ", on demand"))
              .plus(left(scale), "for what stays on the old disk");
        });
  }

  /// What keeping the old disk costs: bytes that were not fetched yet, and the disk until then.
  private static Usd left(Scale scale) {
    Rental r = scale.r();
    boolean brought = r.salvage() instanceof Rental.Salvage.Brought b && b.whole();
    if (brought || !r.aboard().everOrdered()) {
      return Usd.ZERO;
    }
    Offer offer = r.offer();
    long bytes =
        scale.s().cargo().unsafe(r.ref()).stream()
            .mapToLong(u -> u.unit().manifest().bytes())
            .sum();
    return offer.upload(bytes).plus(offer.storage().over(scale.policy().worth().horizon()));
  }

  /// A raise that fails costs the time until it is given up, and the next arm then.
  private static Priced raise(Scale scale, UsdPerHour bid) {
    Duration tried = scale.policy().patience().raise();
    Duration work = scale.setback().here();
    Stay stay = Stay.of(scale.s(), scale.r(), bid, scale.now());
    Duration risked =
        Duration.ofMillis(
            Math.round(stay.mean().toMillis() * stay.share() + tried.toMillis() / 2.0));
    return new Priced(Arm.RAISE, tried.plus(work))
        .plus(scale.running(bid), "%s for %s".formatted(bid, scale.horizon()))
        .plus(
            scale.delay(risked),
            "%s at risk (it may not come back; %s)".formatted(Told.time(risked), stay.fared()))
        .plus(scale.again(work, bid), Told.time(work) + " of work again");
  }

  private static Priced waiting(Scale scale) {
    Rental r = scale.r();
    UsdPerHour price = r.price();
    Duration work = scale.setback().here();
    Stay stay = Stay.of(scale.s(), r, price, scale.now());
    return new Priced(Arm.WAIT, stay.mean().plus(work))
        .plus(scale.running(price), "%s for %s".formatted(price, scale.horizon()))
        .plus(
            scale.delay(stay.mean()),
            "%s until the rival goes (%s)".formatted(Told.time(stay.mean()), stay.fared()))
        .plus(r.offer().storage().over(stay.mean()), "its disk until then")
        .plus(scale.again(work, price), Told.time(work) + " of work again");
  }

  /// How long a rival stays who bids more than this, by the history of the machine's price.
  private record Stay(Duration mean, double share, String fared) {
    /// As if one had been seen to stay so long, before any was.
    private static final Duration PRIOR = Duration.ofMinutes(30);

    static Stay of(RunState s, Rental r, UsdPerHour bid, Instant now) {
      Fared f = s.learned().prices().fared(r.offer().machine(), bid, now);
      Duration mean = PRIOR.plus(f.overTime()).dividedBy(1L + f.over());
      double watched = f.watched().plus(PRIOR).toMillis();
      String words =
          f.watched().isZero()
              ? "its price was not watched before"
              : "its price was over %s for %s of the %s it was watched, and came back %d times"
                  .formatted(bid, Told.time(f.overTime()), Told.time(f.watched()), f.over());
      return new Stay(mean, Math.min(1, f.overTime().toMillis() / watched), words);
    }
  }
}
