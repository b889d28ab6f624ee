package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What of a budget is kept back from the start, to bring everything home with: the time that the
/// last copy takes, its bytes at the host's price, and a week of the disk.
///
/// @param usd kept back
/// @param wanted what it would be if the budget were no matter
record Reserve(Usd usd, Usd wanted, List<Share> shares) {
  private static final Duration DISK = Duration.ofDays(7);

  /// To end the job, look over the disk and prove the copy.
  private static final Duration ENDING = Duration.ofMinutes(5);

  /// A slow home line, while no copy has shown how fast this one is.
  private static final long USUAL_RATE = 2_000_000;

  /// A budget is there to be worked with: what it would take over this share of it is not kept.
  static final double MOST = 0.25;

  /// One rental's.
  private record Share(RentalRef on, Duration time, Usd minutes, long bytes, Usd way, Usd disk) {
    Usd all() {
      return minutes.plus(way).plus(disk);
    }

    @Override
    public String toString() {
      return "kept to bring home rental %s: %s for %s, %s for %s off it, %s for 7 days of disk"
          .formatted(on, minutes, Told.time(time), way, Told.bytes(bytes), disk);
    }
  }

  static Reserve of(RunState s) {
    List<Share> shares = new ArrayList<>();
    Usd wanted = Usd.ZERO;
    for (Rental r : s.rentals().values()) {
      if (r.mayExist() && !r.marks().eraseAccepted()) {
        Share share = share(s, r);
        shares.add(share);
        wanted = wanted.plus(share.all());
      }
    }
    Usd most = new Usd(Math.round(s.spec().budget().micros() * MOST));
    return new Reserve(wanted.compareTo(most) > 0 ? most : wanted, wanted, shares);
  }

  private static Share share(RunState s, Rental r) {
    long bytes = bytes(s, r);
    long rate = s.learned().rate() > 0 ? s.learned().rate() : USUAL_RATE;
    Duration time = ENDING.plusSeconds(bytes / rate);
    return new Share(
        r.ref(),
        time,
        r.price().over(time),
        bytes,
        r.offer().upload(bytes),
        r.offer().storage().over(DISK));
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

  /// How it comes together.
  List<String> lines() {
    List<String> lines = new ArrayList<>(shares.stream().map(Share::toString).toList());
    if (wanted.compareTo(usd) > 0) {
      lines.add("%s would be wanted; %s is kept, a quarter of the budget".formatted(wanted, usd));
    }
    return lines;
  }
}
