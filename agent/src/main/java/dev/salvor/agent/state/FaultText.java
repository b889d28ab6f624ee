package dev.salvor.agent.state;

import dev.salvor.agent.core.GpuFaults;
import dev.salvor.agent.state.MemoryFile.Keys;
import java.util.Properties;
import java.util.TreeMap;

/// Faults of cards, in the memory's file: "boot.fault.2" is "79 1", an Xid and how often.
final class FaultText {
  private static final String PREFIX = "boot.fault.";

  private FaultText() {}

  static void write(Properties file, GpuFaults faults) {
    if (faults.cards().isEmpty()) {
      return;
    }
    file.setProperty("boot.faultsBy", faults.driver());
    faults
        .cards()
        .forEach(
            (card, fault) -> file.setProperty(PREFIX + card, fault.xid() + " " + fault.times()));
  }

  static GpuFaults read(Keys file) {
    TreeMap<Integer, GpuFaults.Fault> cards = new TreeMap<>();
    file.below(PREFIX)
        .forEach((card, text) -> {
          String[] numbers = text.split(" ", 2);
          cards.put(
              Integer.parseInt(card),
              new GpuFaults.Fault(
                  Integer.parseInt(numbers[0]), Integer.parseInt(numbers[numbers.length - 1])));
        });
    return cards.isEmpty() ? GpuFaults.NONE : new GpuFaults(file.get("boot.faultsBy", ""), cards);
  }
}
