package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact.FleetSpent;
import dev.salvor.controller.core.Fact.Span;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Watch.Noticed;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns what all runs spend together, and what the account says, into facts of single runs, but
/// only when a judgement changes. Deterministic: time comes in with each call.
public final class Treasurer {
  /// At these shares of a cap something is said or done.
  private static final int[] STEPS = {100, 95, 80};

  private static final long FULL = 100;

  /// Under so many hours of credit something is said or done.
  private static final long[] HOURS = {1, 6, 24};

  /// A bill and a meter that differ by less than this share, or this much, agree.
  private static final double APART = 0.2;

  private static final Usd APART_AT_LEAST = Usd.of(0.10);

  /// Charges are written down late, and in lumps.
  private static final Duration LATE = Duration.ofHours(2);

  private final Policy.Caps caps;

  public Treasurer(Policy.Caps caps) {
    this.caps = caps;
  }

  /// Looks at what was spent by now.
  public List<Noticed> judge(Map<RunId, RunState> runs, Instant now) {
    List<Noticed> noticed = new ArrayList<>();
    if (caps.day().micros() > 0) {
      cap(runs, spent(runs, Span.DAY, now), Span.DAY, now, noticed);
    }
    if (caps.all().micros() > 0) {
      cap(runs, spent(runs, Span.ALL, now), Span.ALL, now, noticed);
    }
    return noticed;
  }

  private static Usd spent(Map<RunId, RunState> runs, Span span, Instant now) {
    return runs.values().stream()
        .flatMap(s -> s.rentals().values().stream())
        .map(Rental::meter)
        .map(meter ->
            switch (span) {
              case DAY -> meter.today(now);
              case ALL -> meter.at(now);
            })
        .reduce(Usd.ZERO, Usd::plus);
  }

  private void cap(
      Map<RunId, RunState> runs, Usd spent, Span span, Instant now, List<Noticed> noticed) {
    Usd cap = span == Span.DAY ? caps.day() : caps.all();
    int percent = step(spent, cap);
    Optional<RunId> newest =
        runs.entrySet().stream()
            .filter(run -> !run.getValue().over() && !run.getValue().looksOn())
            .reduce((_, later) -> later)
            .map(Map.Entry::getKey);
    runs.forEach((run, s) -> {
      // A warning is given once, not by every run; the end is every run's.
      boolean concerned = percent >= FULL || newest.map(run::equals).orElse(false);
      if (!s.over() && concerned && known(s, span, now) != percent) {
        noticed.add(new Noticed(run, new FleetSpent(now, span, percent, spent, cap)));
      }
    });
  }

  private static int step(Usd spent, Usd cap) {
    for (int step : STEPS) {
      if (spent.micros() * FULL >= cap.micros() * step) {
        return step;
      }
    }
    return 0;
  }

  private static int known(RunState s, Span span, Instant now) {
    Learned.Standing standing = s.learned().standing();
    return switch (span) {
      case ALL -> standing.all().percent();
      case DAY -> {
        boolean today = day(standing.day().at()).equals(day(now));
        yield today ? standing.day().percent() : 0;
      }
    };
  }

  private static Instant day(Instant at) {
    return at.truncatedTo(ChronoUnit.DAYS);
  }

  /// The account was looked at.
  public List<Noticed> billed(Bill bill, Map<RunId, RunState> runs) {
    List<Noticed> noticed = new ArrayList<>();
    UsdPerHour burn =
        runs.values().stream()
            .flatMap(s -> s.rentals().values().stream())
            .filter(Rental::mayExist)
            .map(r -> r.meter().rate())
            .reduce(volumes(bill), UsdPerHour::plus);
    long hours = hours(bill.credit(), burn);
    runs.forEach((run, s) -> {
      if (!s.over() && !s.looksOn() && s.learned().standing().hours() != hours) {
        noticed.add(new Noticed(run, new Fact.CreditSeen(bill.at(), bill.credit(), burn, hours)));
      }
      s.rentals().values().forEach(r -> compare(bill, run, s, r, noticed));
    });
    return noticed;
  }

  /// They eat of the same credit, whoever uses them.
  private static UsdPerHour volumes(Bill bill) {
    return bill.shelf().volumes().stream()
        .map(Bill.Volume::price)
        .reduce(UsdPerHour.ZERO, UsdPerHour::plus);
  }

  private static long hours(Usd credit, UsdPerHour burn) {
    for (long step : HOURS) {
      if (burn.micros() > 0 && credit.micros() < burn.micros() * step) {
        return step;
      }
    }
    return Long.MAX_VALUE;
  }

  private static void compare(Bill bill, RunId run, RunState s, Rental r, List<Noticed> noticed) {
    Optional<Usd> charged = instance(r).map(bill.charged()::get).filter(usd -> usd.micros() > 0);
    if (charged.isEmpty() || r.askedAt().isBefore(bill.from())) {
      return;
    }
    Usd metered = r.meter().at(bill.at());
    // A bill that lags behind is no news: it is compared with what ran long enough ago, too.
    Usd before = r.meter().at(bill.at().minus(LATE));
    boolean apart = apart(charged.get(), metered) && apart(charged.get(), before);
    Fact.Charged known = s.learned().standing().charged().get(r.ref());
    if (apart != (known != null && known.apart())) {
      noticed.add(
          new Noticed(run, new Fact.Charged(bill.at(), r.ref(), charged.get(), metered, apart)));
    }
  }

  private static boolean apart(Usd a, Usd b) {
    long difference = Math.abs(a.micros() - b.micros());
    return difference > APART_AT_LEAST.micros()
        && difference > APART * Math.max(a.micros(), b.micros());
  }

  private static Optional<InstanceId> instance(Rental r) {
    return switch (r.hold()) {
      case Hold.Held held -> Optional.of(held.instance());
      case Hold.Gone gone -> Optional.of(gone.instance());
      case Hold.Asked _, Hold.Unclear _, Hold.Never _ -> Optional.empty();
    };
  }
}
