package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the lowest bids that run were seen to be, machine by machine: a bounded history, one entry
/// where a price changed.
public record Prices(SortedMap<Long, List<Quote>> seen) {
  /// More machines than one search lists.
  private static final int MAX_MACHINES = 128;

  /// Two days of a price that moves every two hours.
  private static final int MAX_QUOTES = 24;

  static final Prices NONE = new Prices(new TreeMap<>());

  public Prices {
    seen = Collections.unmodifiableSortedMap(new TreeMap<>(seen));
  }

  /// From then on it took this bid to run there, until the next quote.
  ///
  /// @param last when it was last seen to be so
  public record Quote(Instant at, UsdPerHour bid, Instant last) {}

  /// How a bid would have fared on a machine, as far as it was watched.
  ///
  /// @param over times that the price went over the bid and came back
  /// @param overTime how long it was over the bid in all, the present time included
  /// @param watched how long the machine was watched
  public record Fared(int over, Duration overTime, Duration watched) {}

  /// A machine's lowest bid that runs now; zero says nothing.
  Prices quoted(MachineId machine, UsdPerHour bid, Instant at) {
    if (bid.micros() == 0) {
      return this;
    }
    SortedMap<Long, List<Quote>> next = new TreeMap<>(seen);
    List<Quote> quotes = new ArrayList<>(next.getOrDefault(machine.value(), List.of()));
    if (!quotes.isEmpty() && quotes.getLast().bid().equals(bid)) {
      Quote same = quotes.removeLast();
      quotes.add(new Quote(same.at(), bid, at));
    } else {
      quotes.add(new Quote(at, bid, at));
    }
    if (quotes.size() > MAX_QUOTES) {
      quotes.removeFirst();
    }
    next.put(machine.value(), List.copyOf(quotes));
    if (next.size() > MAX_MACHINES) {
      next.remove(oldest(next));
    }
    return new Prices(next);
  }

  private static Long oldest(SortedMap<Long, List<Quote>> all) {
    return Collections.min(
        all.keySet(),
        Comparator.comparing(
                (Long machine) -> all.getOrDefault(machine, List.of()).getLast().last())
            .thenComparing(Comparator.naturalOrder()));
  }

  public Fared fared(MachineId machine, UsdPerHour bid, Instant now) {
    List<Quote> quotes = seen.getOrDefault(machine.value(), List.of());
    int over = 0;
    Duration overTime = Duration.ZERO;
    for (int i = 0; i < quotes.size(); i++) {
      Quote quote = quotes.get(i);
      boolean last = i == quotes.size() - 1;
      if (quote.bid().compareTo(bid) > 0) {
        overTime = overTime.plus(between(quote.at(), last ? now : quotes.get(i + 1).at()));
        boolean ends = !last && quotes.get(i + 1).bid().compareTo(bid) <= 0;
        over += ends ? 1 : 0;
      }
    }
    Duration watched = quotes.isEmpty() ? Duration.ZERO : between(quotes.getFirst().at(), now);
    return new Fared(over, overTime, watched);
  }

  private static Duration between(Instant from, Instant to) {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }
}
