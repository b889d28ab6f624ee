package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a run has learned by living, for decisions that reckon.
///
/// @param totalSteps where the job ends, by its own log; 0 while it has not said
/// @param losses boxes that were lost while their job ran
/// @param coming how long new boxes took from being asked for to their job running, newest last
/// @param rates bytes a second of copies that came home, newest last
/// @param writes how long checkpoints took from being asked for to being seen, newest last
/// @param workedSince when the job last began to run
/// @param drill the newest that was asked for
/// @param standing how the account stands, and the fleet
/// @param heard what the job's log said that there is a policy for
public record Learned(
    Prices prices,
    long totalSteps,
    int losses,
    List<Duration> coming,
    List<Long> rates,
    List<Duration> writes,
    Instant workedSince,
    Standing standing,
    Drill drill,
    Heard heard) {
  /// Few enough to follow a change, many enough that one bad day is not all.
  private static final int MEMORY = 9;

  static final Learned NOTHING =
      new Learned(
          Prices.NONE,
          0,
          0,
          List.of(),
          List.of(),
          List.of(),
          Instant.EPOCH,
          Standing.UNKNOWN,
          Drill.NONE,
          Heard.NOTHING);

  public Learned {
    coming = List.copyOf(coming);
    rates = List.copyOf(rates);
    writes = List.copyOf(writes);
  }

  /// How the account and the fleet stand, by the last judgement of it.
  ///
  /// @param credit what is left
  /// @param burn what the fleet burns of it an hour
  /// @param hours how long that lasts: a judgement, one of few steps; MAX_VALUE for long enough
  /// @param day how much of the day's cap is spent, in steps of per cent; 0 for little
  /// @param all the same of the cap on everything
  /// @param charged what the provider has charged for rentals where it differs from the meter
  public record Standing(
      Usd credit,
      UsdPerHour burn,
      long hours,
      Instant at,
      Fact.FleetSpent day,
      Fact.FleetSpent all,
      SortedMap<RentalRef, Fact.Charged> charged) {
    static final Standing UNKNOWN =
        new Standing(
            Usd.ZERO,
            UsdPerHour.ZERO,
            Long.MAX_VALUE,
            Instant.EPOCH,
            Fact.FleetSpent.nothing(Fact.Span.DAY),
            Fact.FleetSpent.nothing(Fact.Span.ALL),
            new TreeMap<>());

    public Standing {
      charged = Collections.unmodifiableSortedMap(new TreeMap<>(charged));
    }

    Standing burning(UsdPerHour rate) {
      return new Standing(credit, rate, hours, at, day, all, charged);
    }

    Standing with(Fact.CreditSeen f) {
      return new Standing(f.credit(), f.burn(), f.hours(), f.at(), day, all, charged);
    }

    Standing with(Fact.FleetSpent f) {
      return switch (f.span()) {
        case DAY -> new Standing(credit, burn, hours, at, f, all, charged);
        case ALL -> new Standing(credit, burn, hours, at, day, f, charged);
      };
    }

    Standing with(Fact.Charged f) {
      SortedMap<RentalRef, Fact.Charged> next = new TreeMap<>(charged);
      next.put(f.rental(), f);
      return new Standing(credit, burn, hours, at, day, all, next);
    }
  }

  /// What a new box took in the middle, or what is usual while none was measured.
  public Duration comes(Duration usual) {
    return coming.isEmpty() ? usual : coming.stream().sorted().toList().get(coming.size() / 2);
  }

  /// Bytes a second of the middle copy; 0 while none came home.
  public long rate() {
    return rates.isEmpty()
        ? 0
        : rates.stream().sorted(Comparator.naturalOrder()).toList().get(rates.size() / 2);
  }

  /// What a checkpoint took in the middle, from asking to seeing it; empty while none was asked
  /// for.
  public Optional<Duration> write() {
    return writes.isEmpty()
        ? Optional.empty()
        : Optional.of(writes.stream().sorted().toList().get(writes.size() / 2));
  }

  Learned wrote(Duration time) {
    return new Learned(
        prices,
        totalSteps,
        losses,
        coming,
        rates,
        newest(writes, time),
        workedSince,
        standing,
        drill,
        heard);
  }

  Learned with(Prices next) {
    return new Learned(
        next, totalSteps, losses, coming, rates, writes, workedSince, standing, drill, heard);
  }

  Learned with(Standing next) {
    return new Learned(
        prices, totalSteps, losses, coming, rates, writes, workedSince, next, drill, heard);
  }

  Learned with(Drill next) {
    return new Learned(
        prices, totalSteps, losses, coming, rates, writes, workedSince, standing, next, heard);
  }

  Learned with(Heard next) {
    return new Learned(
        prices, totalSteps, losses, coming, rates, writes, workedSince, standing, drill, next);
  }

  Learned aiming(long steps) {
    return new Learned(
        prices, steps, losses, coming, rates, writes, workedSince, standing, drill, heard);
  }

  Learned lost() {
    return new Learned(
        prices, totalSteps, losses + 1, coming, rates, writes, workedSince, standing, drill, heard);
  }

  Learned came(Duration time) {
    return new Learned(
        prices,
        totalSteps,
        losses,
        newest(coming, time),
        rates,
        writes,
        workedSince,
        standing,
        drill,
        heard);
  }

  Learned carried(long bytesPerSecond) {
    return new Learned(
        prices,
        totalSteps,
        losses,
        coming,
        newest(rates, bytesPerSecond),
        writes,
        workedSince,
        standing,
        drill,
        heard);
  }

  Learned works(Instant at) {
    return new Learned(
        prices, totalSteps, losses, coming, rates, writes, at, standing, drill, heard);
  }

  private static <T> List<T> newest(List<T> old, T added) {
    List<T> next = new ArrayList<>(old);
    next.add(added);
    return next.size() > MEMORY ? next.subList(next.size() - MEMORY, next.size()) : next;
  }
}
