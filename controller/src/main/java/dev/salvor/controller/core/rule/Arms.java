package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The arithmetic of the three arms: what each is expected to cost over the horizon, in dollars,
/// delay priced too.
record Arms(Arm best, UsdPerHour bid, String why, List<String> evidence) {
  /// How long a rival is expected to keep the box: no better estimate than an hour's half-life
  /// exists yet.
  private static final Duration RIVAL_STAYS = Duration.ofMinutes(30);

  /// A paused box's new bid is tried this long before the next arm: the wait if it fails counts
  /// half.
  private static final double RAISE_FAILS = 0.5;

  private static final double BYTES_PER_GB = 1e9;

  /// One arm and what it is expected to cost.
  private record Priced(Arm arm, Usd cost, String how) {}

  static Arms weigh(RunState s, Policy policy, Rental r) {
    List<Priced> priced = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    UsdPerHour bid = r.seen().sight().minBid().times(policy.bidMargin());
    relaunch(s, policy).ifPresentOrElse(priced::add, () -> evidence.add("relaunch: no offer fits"));
    if (s.spec().market().bidding() == RunSpec.Bidding.FIXED) {
      evidence.add("raise: its user fixed the bid");
    } else if (!r.marks().arms().contains(Arm.RAISE)) {
      raise(s, policy, bid)
          .ifPresentOrElse(priced::add, () -> evidence.add("raise: " + bid + " is over the cap"));
    } else {
      evidence.add("raise: tried, and the box did not come back in time");
    }
    if (r.stoppedForGood()) {
      evidence.add("wait: it was stopped, and does not come back by itself");
    } else if (!r.marks().arms().contains(Arm.WAIT)) {
      priced.add(waiting(policy, r));
    } else {
      evidence.add("wait: waited long enough");
    }
    Optional<Priced> best = priced.stream().min(Comparator.comparing(Priced::cost));
    for (Priced arm : priced) {
      evidence.add("%s: %s = %s".formatted(name(arm.arm()), arm.how(), arm.cost()));
    }
    Arm chosen = best.map(Priced::arm).orElse(Arm.RELAUNCH);
    String why =
        best.map(b -> "expected to cost least: " + b.cost()).orElse("nothing else is left to try");
    return new Arms(chosen, bid, why, evidence);
  }

  private static String name(Arm arm) {
    return switch (arm) {
      case WAIT -> "wait";
      case RAISE -> "raise";
      case RELAUNCH -> "relaunch";
    };
  }

  private static Optional<Priced> relaunch(RunState s, Policy policy) {
    return RentRule.best(s, policy)
        .map(offer -> {
          UsdPerHour price = RentRule.price(s, policy, offer);
          Usd running = price.over(policy.horizon());
          Usd boot = price.plus(policy.delay()).over(policy.coming());
          Usd bytes = bytes(s, offer);
          return new Priced(
              Arm.RELAUNCH,
              running.plus(boot).plus(bytes),
              "%s for %s %s + %s boot and delay + %s bytes back on"
                  .formatted(price, minutes(policy.horizon()), running, boot, bytes));
        });
  }

  private static Usd bytes(RunState s, Offer offer) {
    return switch (s.cargo().frontier()) {
      case Frontier.None _ -> Usd.ZERO;
      case Frontier.At at -> {
        long bytes = s.cargo().bytes(at.unit());
        yield new Usd(Math.round(offer.downloadPerGb() * (bytes / BYTES_PER_GB)));
      }
    };
  }

  private static Optional<Priced> raise(RunState s, Policy policy, UsdPerHour bid) {
    if (bid.micros() == 0 || bid.compareTo(s.spec().market().cap()) > 0) {
      return Optional.empty();
    }
    Usd running = bid.over(policy.horizon());
    Usd risk =
        new Usd(Math.round(policy.delay().over(policy.raiseDeadline()).micros() * RAISE_FAILS));
    return Optional.of(
        new Priced(
            Arm.RAISE,
            running.plus(risk),
            "%s for %s %s + %s risk that it does not come back"
                .formatted(bid, minutes(policy.horizon()), running, risk)));
  }

  private static Priced waiting(Policy policy, Rental r) {
    Usd running = r.price().over(policy.horizon());
    Usd delay = policy.delay().plus(r.offer().storage()).over(RIVAL_STAYS);
    return new Priced(
        Arm.WAIT,
        running.plus(delay),
        "%s for %s %s + %s for the disk and %s of delay"
            .formatted(r.price(), minutes(policy.horizon()), running, delay, minutes(RIVAL_STAYS)));
  }

  private static String minutes(Duration d) {
    return d.toMinutes() + " min";
  }
}
