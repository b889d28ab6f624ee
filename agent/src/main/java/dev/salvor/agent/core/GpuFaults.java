package dev.salvor.agent.core;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.GpuConclusion.Grade;
import dev.salvor.common.telemetry.gpu.Xid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the driver reported of its cards on this boot that only leaving the box mends. The reports
/// come once and nobody can ask for them later: so they are remembered for the next start's check.
///
/// @param driver whose version reported it; another one begins anew
/// @param cards by card: the worst of each
public record GpuFaults(String driver, Map<Integer, Fault> cards) {
  private static final Pattern XID = Pattern.compile("gpu([0-9]{1,2}) xid(| times)");

  /// More cards than any box has.
  private static final int MOST_CARDS = 64;

  public static final GpuFaults NONE = new GpuFaults("", Map.of());

  public GpuFaults {
    cards = Map.copyOf(cards);
  }

  /// An error report of a card, by NVIDIA's number.
  public record Fault(int xid, int times) {}

  /// With what is in a probe's readings.
  GpuFaults with(List<Reading> readings) {
    Map<Integer, Integer> numbers = new TreeMap<>();
    Map<Integer, Integer> times = new TreeMap<>();
    String by = driver;
    for (Reading reading : readings) {
      if (!reading.probe().equals("gpu")) {
        continue;
      }
      if (reading instanceof Reading.Text text && text.name().equals("driver")) {
        by = text.value();
      } else if (reading instanceof Reading.Amount amount && amount.name().contains(" xid")) {
        Matcher xid = XID.matcher(amount.name());
        if (xid.matches()) {
          Map<Integer, Integer> to = xid.group(2).isEmpty() ? numbers : times;
          to.put(Integer.parseInt(xid.group(1)), (int) amount.value());
        }
      }
    }
    if (numbers.isEmpty() && by.equals(driver)) {
      return this;
    }
    Map<Integer, Fault> all = new TreeMap<>(same(by) ? cards : Map.of());
    numbers.forEach((card, number) -> {
      Fault fault = new Fault(number, times.getOrDefault(card, 1));
      if (isGrave(fault) && all.size() < MOST_CARDS) {
        all.put(card, fault);
      }
    });
    // Without a fault there is nothing to remember, and nothing to write down.
    return all.isEmpty() ? NONE : new GpuFaults(by, all);
  }

  /// Why no job starts on these cards; empty where nothing speaks against it.
  ///
  /// @param now the driver that is there now, "" where none answers
  public Optional<String> words(String now) {
    if (cards.isEmpty() || !same(now)) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    new TreeMap<>(cards)
        .forEach((card, fault) ->
            words.add(
                "GPU %d reported %s on this boot: %s"
                    .formatted(card, Xid.words(fault.xid()), Xid.advice(fault.xid()))));
    return Optional.of(String.join("; ", words));
  }

  private boolean same(String other) {
    return driver.isEmpty() || other.isEmpty() || driver.equals(other);
  }

  private static boolean isGrave(Fault fault) {
    return Xid.grade(fault.xid(), fault.times()).compareTo(Grade.LEAVE) >= 0;
  }
}
