package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What of a budget is kept back from the start, to bring everything home with: the time that the
/// last copy takes, its bytes at the host's price, and a week of the disk.
///
/// @param lines how it comes together
record Reserve(Usd usd, List<String> lines) {
  private static final Duration DISK = Duration.ofDays(7);

  /// To end the job, look over the disk and prove the copy.
  private static final Duration ENDING = Duration.ofMinutes(5);

  /// A slow home line, while no copy has shown how fast this one is.
  private static final long USUAL_RATE = 2_000_000;

  /// A budget is there to be worked with: what it would take over this share of it is not kept.
  private static final double MOST = 0.25;

  static Reserve of(RunState s) {
    List<String> lines = new ArrayList<>();
    Usd all = Usd.ZERO;
    for (Rental r : s.rentals().values()) {
      if (r.mayExist() && !r.marks().eraseAccepted()) {
        all = all.plus(one(s, r, lines));
      }
    }
    Usd most = new Usd(Math.round(s.spec().budget().micros() * MOST));
    if (all.compareTo(most) > 0) {
      lines.add("%s would be wanted; %s is kept, a quarter of the budget".formatted(all, most));
      return new Reserve(most, lines);
    }
    return new Reserve(all, lines);
  }

  private static Usd one(RunState s, Rental r, List<String> lines) {
    long bytes = bytes(s, r);
    long rate = s.learned().rate() > 0 ? s.learned().rate() : USUAL_RATE;
    Duration time = ENDING.plusSeconds(bytes / rate);
    Usd minutes = r.price().over(time);
    Usd way = r.offer().upload(bytes);
    Usd disk = r.offer().storage().over(DISK);
    lines.add(
        "kept to bring home rental %s: %s for %s, %s for %s off it, %s for 7 days of disk"
            .formatted(r.ref(), minutes, Told.time(time), way, Told.bytes(bytes), disk));
    return minutes.plus(way).plus(disk);
  }

  /// The next checkpoint is as large as the newest; what is not home yet comes on top of it.
  private static long bytes(RunState s, Rental r) {
    long next = s.cargo().newestCheckpoint(r.ref()).map(Reserve::size).orElse(0L);
    Stream<Stowed> results = s.cargo().newestUnsafeResults(r.ref()).stream();
    return next + results.mapToLong(Reserve::size).sum();
  }

  private static long size(Stowed stowed) {
    return stowed.unit().manifest().bytes();
  }

  /// What a run may spend before it is brought home.
  static Usd usable(RunState s) {
    return s.spec().budget().minus(of(s).usd());
  }
}
