package dev.salvor.controller.core.rule;

import dev.salvor.common.checkpoint.Unit;
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
/// @param seen checkpoints of the present box
/// @param last when the newest was seen, or the job began
public record Cadence(
    List<Stowed> seen, Instant last, Mtbf mtbf, Cost cost, UsdPerHour price, Duration wanted) {
  /// More often than this disturbs any job.
  private static final Duration LEAST = Duration.ofMinutes(1);

  /// Fewer do not tell an interval from chance.
  private static final int ENOUGH = 4;

  /// A common disk of a rented box writes so many bytes a second, while no checkpoint was timed.
  private static final long WRITES = 300_000_000;

  /// To stop for a checkpoint costs something, whatever its size.
  private static final Duration STOP = Duration.ofSeconds(1);

  /// What writing one takes.
  ///
  /// @param timed measured; else by its size
  record Cost(long bytes, Duration time, boolean timed) {
    @Override
    public String toString() {
      return "a checkpoint of %s costs %s, %s"
          .formatted(
              Told.bytes(bytes),
              shown(time),
              timed
                  ? "measured from asking for one to seeing it"
                  : "by its size, since none was timed");
    }
  }

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
    Cost cost =
        new Cost(bytes, timed.orElse(STOP.plusMillis(bytes * 1000 / WRITES)), timed.isPresent());
    double root = Math.sqrt(2.0 * seconds(mtbf.mean()) * seconds(cost.time()));
    Duration wanted = Duration.ofSeconds(Math.max(LEAST.toSeconds(), Math.round(root)));
    Instant began = s.learned().workedSince();
    boolean since = !seen.isEmpty() && seen.getLast().seenAt().isAfter(began);
    Instant last = since ? seen.getLast().seenAt() : began;
    return new Cadence(seen, last, mtbf, cost, r.price(), wanted);
  }

  /// The middle time between two by the box's clock, for after a silence many are heard of at once;
  /// empty while there were not enough.
  Optional<Duration> actual() {
    List<Duration> between = new ArrayList<>();
    for (int i = 1; i < seen.size(); i++) {
      Unit one = seen.get(i - 1).unit();
      Unit next = seen.get(i).unit();
      if (next.step() > one.step() && next.writtenAt().isAfter(one.writtenAt())) {
        between.add(Duration.between(one.writtenAt(), next.writtenAt()));
      }
    }
    return between.size() < ENOUGH - 1
        ? Optional.empty()
        : Optional.of(between.stream().sorted().toList().get(between.size() / 2));
  }

  /// What writing them costs an hour, and half of an interval done again at each loss.
  Usd waste(Duration every) {
    double share =
        seconds(cost.time()) / seconds(every) + seconds(every) / (2 * seconds(mtbf.mean()));
    return new Usd(Math.round(price.micros() * Math.min(1, share)));
  }

  /// The sums, for people.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(mtbf.toString());
    lines.add(cost.toString());
    lines.add(
        "sqrt(2 x %s x %s) = %s"
            .formatted(Told.time(mtbf.mean()), shown(cost.time()), Told.time(wanted)));
    actual()
        .ifPresent(is ->
            lines.add(
                "every %s wastes %s an hour, every %s %s"
                    .formatted(Told.time(is), waste(is), Told.time(wanted), waste(wanted))));
    return lines;
  }

  private static double seconds(Duration d) {
    return Math.max(1e-3, d.toMillis() / 1000.0);
  }

  private static String shown(Duration d) {
    return String.format(Locale.ROOT, "%.1f s", d.toMillis() / 1000.0);
  }
}
