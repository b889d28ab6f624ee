package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How often a job writes checkpoints, and how often it pays to: Young's and Daly's interval, the
/// root of twice the time a box lasts times what a checkpoint costs.
///
/// @param last when the newest was seen, or the job began
/// @param actual the middle time between two; empty while there were not enough
/// @param worth what the difference costs an hour
public record Cadence(
    Instant last, Duration wanted, Optional<Duration> actual, Usd worth, List<String> lines) {
  /// More often than this disturbs any job.
  private static final Duration LEAST = Duration.ofMinutes(1);

  /// Fewer do not tell an interval from chance.
  private static final int ENOUGH = 4;

  /// A common disk of a rented box writes so many bytes a second, while no checkpoint was timed.
  private static final long WRITES = 300_000_000;

  /// To stop for a checkpoint costs something, whatever its size.
  private static final Duration STOP = Duration.ofSeconds(1);

  /// Empty while the run has written no checkpoint: nothing is known of what one costs.
  public static Optional<Cadence> of(RunState s, Rental r, Instant now) {
    List<Stowed> seen =
        s.cargo().on(r.ref()).filter(u -> u.unit().kind() == UnitKind.CHECKPOINT).toList();
    Optional<Stowed> any = seen.isEmpty() ? newest(s) : Optional.of(seen.getLast());
    return any.map(unit -> reckon(s, r, seen, unit, now));
  }

  private static Optional<Stowed> newest(RunState s) {
    return s.cargo().units().values().stream()
        .filter(u -> u.unit().kind() == UnitKind.CHECKPOINT)
        .reduce((_, later) -> later);
  }

  private static Cadence reckon(
      RunState s, Rental r, List<Stowed> seen, Stowed newest, Instant now) {
    Mtbf mtbf = Mtbf.of(s, now);
    long bytes = newest.unit().manifest().bytes();
    Optional<Duration> timed = s.learned().write();
    Duration cost = timed.orElse(STOP.plusMillis(bytes * 1000 / WRITES));
    double seconds = Math.sqrt(2.0 * seconds(mtbf.mean()) * seconds(cost));
    Duration wanted = Duration.ofSeconds(Math.max(LEAST.toSeconds(), Math.round(seconds)));
    Optional<Duration> actual = interval(seen);
    Instant began = s.learned().workedSince();
    Instant last =
        seen.isEmpty() || seen.getLast().seenAt().isBefore(began) ? began : seen.getLast().seenAt();
    UsdPerHour price = r.price();
    Usd worth =
        actual
            .map(is -> waste(is, cost, mtbf, price).minus(waste(wanted, cost, mtbf, price)))
            .filter(usd -> usd.micros() > 0)
            .orElse(Usd.ZERO);
    List<String> lines = new ArrayList<>();
    lines.add(mtbf.toString());
    lines.add(
        "a checkpoint of %s costs %s, %s"
            .formatted(
                Told.bytes(bytes),
                shown(cost),
                timed.isPresent()
                    ? "measured from asking for one to seeing it"
                    : "by its size, since none was timed"));
    lines.add(
        "sqrt(2 x %s x %s) = %s".formatted(Told.time(mtbf.mean()), shown(cost), Told.time(wanted)));
    actual.ifPresent(is ->
        lines.add(
            "every %s wastes %s an hour, every %s %s"
                .formatted(
                    Told.time(is),
                    waste(is, cost, mtbf, price),
                    Told.time(wanted),
                    waste(wanted, cost, mtbf, price))));
    return new Cadence(last, wanted, actual, worth, lines);
  }

  /// Writing them, and half of an interval done again at each loss, at the price of the box.
  private static Usd waste(Duration every, Duration cost, Mtbf mtbf, UsdPerHour price) {
    double share = seconds(cost) / seconds(every) + seconds(every) / (2 * seconds(mtbf.mean()));
    return new Usd(Math.round(price.micros() * Math.min(1, share)));
  }

  private static double seconds(Duration d) {
    return Math.max(1e-3, d.toMillis() / 1000.0);
  }

  private static String shown(Duration d) {
    return String.format(Locale.ROOT, "%.1f s", d.toMillis() / 1000.0);
  }

  private static Optional<Duration> interval(List<Stowed> seen) {
    List<Duration> between = new ArrayList<>();
    for (int i = 1; i < seen.size(); i++) {
      if (seen.get(i).unit().step() > seen.get(i - 1).unit().step()) {
        between.add(Duration.between(seen.get(i - 1).seenAt(), seen.get(i).seenAt()));
      }
    }
    return between.size() < ENOUGH - 1
        ? Optional.empty()
        : Optional.of(between.stream().sorted().toList().get(between.size() / 2));
  }
}
