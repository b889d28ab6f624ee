package dev.salvor.controller.view;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Meter;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.rule.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a run cost, and what it would have cost on demand.
final class Ledger {
  private final Map<RentalRef, Instant> runningSince = new HashMap<>();
  private final Map<RentalRef, Duration> ran = new HashMap<>();

  private Ledger() {}

  static MoneyView of(Snapshot snapshot, Instant now) {
    Ledger ledger = new Ledger();
    snapshot.facts().forEach(ledger::note);
    ledger.runningSince.forEach((ref, since) -> ledger.add(ref, since, now));
    RunState state = snapshot.state();
    Usd onDemand = Usd.ZERO;
    Usd bid = Usd.ZERO;
    for (Rental rental : state.rentals().values()) {
      Duration time = ledger.ran.getOrDefault(rental.ref(), Duration.ZERO);
      onDemand = onDemand.plus(rental.offer().price().over(time));
      bid = bid.plus(rental.price().over(time));
    }
    UsdPerHour burn =
        state.rentals().values().stream()
            .filter(Rental::mayExist)
            .map(rental -> rental.meter().rate())
            .reduce(UsdPerHour.ZERO, UsdPerHour::plus);
    return new MoneyView(
        state.spent(now),
        burn,
        state.spec().budget(),
        onDemand,
        onDemand.compareTo(bid) > 0 ? onDemand.minus(bid) : Usd.ZERO,
        Losses.worth(snapshot),
        parts(state, now));
  }

  private static MoneyView.Parts parts(RunState state, Instant now) {
    Usd gpu = Usd.ZERO;
    Usd disk = Usd.ZERO;
    Usd bytes = Usd.ZERO;
    for (Rental rental : state.rentals().values()) {
      Meter.Parts parts = rental.meter().parts(now);
      gpu = gpu.plus(parts.gpu());
      disk = disk.plus(parts.disk());
      bytes = bytes.plus(parts.bytes());
    }
    return new MoneyView.Parts(gpu, disk, bytes, Kept.of(state));
  }

  private void note(Fact fact) {
    if (!(fact instanceof Fact.ProviderSaw saw)) {
      return;
    }
    if (saw.sight().is(Sight.Status.RUNNING)) {
      runningSince.putIfAbsent(saw.rental(), saw.at());
    } else {
      Optional.ofNullable(runningSince.remove(saw.rental()))
          .ifPresent(since -> add(saw.rental(), since, saw.at()));
    }
  }

  private void add(RentalRef rental, Instant from, Instant to) {
    if (to.isAfter(from)) {
      ran.merge(rental, Duration.between(from, to), Duration::plus);
    }
  }
}
