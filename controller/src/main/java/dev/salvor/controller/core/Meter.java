package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// What one rental has cost: settled up to a moment, and running at a rate since.
///
/// @param settled by what it was for, up to `since`
/// @param running whether its GPU is what runs the meter, or its disk alone
/// @param before what it had cost when the UTC day of `since` began
public record Meter(Parts settled, UsdPerHour rate, boolean running, Instant since, Usd before) {

  /// What the money went into.
  ///
  /// @param gpu while it ran, its disk included
  /// @param disk while it stood still
  /// @param bytes off the box and onto it, at the host's price
  /// @param ran how long it ran
  public record Parts(Usd gpu, Usd disk, Usd bytes, Duration ran) {
    static final Parts NOTHING = new Parts(Usd.ZERO, Usd.ZERO, Usd.ZERO, Duration.ZERO);

    public Usd all() {
      return gpu.plus(disk).plus(bytes);
    }

    private Parts plus(Usd cost, boolean running, Duration time) {
      return running
          ? new Parts(gpu.plus(cost), disk, bytes, ran.plus(time))
          : new Parts(gpu, disk.plus(cost), bytes, ran);
    }
  }

  static Meter begun(Instant at) {
    return new Meter(Parts.NOTHING, UsdPerHour.ZERO, false, at, Usd.ZERO);
  }

  /// Spent up to a moment; one before `since` is as `since`.
  public Usd at(Instant now) {
    return parts(now).all();
  }

  public Parts parts(Instant now) {
    if (!now.isAfter(since)) {
      return settled;
    }
    Duration time = Duration.between(since, now);
    return settled.plus(rate.over(time), running, time);
  }

  /// Spent in the UTC day of this moment.
  public Usd today(Instant now) {
    return at(now).minus(beforeDayOf(now));
  }

  private Usd beforeDayOf(Instant now) {
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
    return midnight.isAfter(since) ? at(midnight) : before;
  }

  /// From now on it runs at another rate.
  public Meter turn(UsdPerHour newRate, boolean runs, Instant now) {
    Instant from = now.isAfter(since) ? now : since;
    return new Meter(parts(from), newRate, runs, from, beforeDayOf(from));
  }

  /// Bytes that moved, at what they cost.
  Meter moved(Usd cost) {
    Parts p = settled;
    return new Meter(
        new Parts(p.gpu(), p.disk(), p.bytes().plus(cost), p.ran()), rate, running, since, before);
  }
}
