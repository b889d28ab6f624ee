package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvor.common.telemetry.gpu.GpuConclusion;
import dev.salvor.common.telemetry.gpu.Xid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The driver's error reports (Xid), which a container sees by events and not in the kernel's log.
/// They are collected without waiting.
final class XidEvents {
  // Of nvmlEventType.
  private static final long DOUBLE_BIT_ERROR = 0x2;
  private static final long XID = 0x8;

  /// nvmlEventData_t: card, type, data, and the instances of a divided card.
  private static final int EVENT_BYTES = 32;

  private static final int TYPE = 8;
  private static final int DATA = 16;

  /// At one look: a card that is ill reports the same again and again.
  private static final int MOST = 64;

  /// NVIDIA's catalog ends below two hundred.
  private static final int MOST_XID = 9_999;

  /// Different ones of a card, each counted.
  private static final int MOST_NUMBERS = 16;

  private final Nvml nvml;
  private final MemorySegment set;
  private final Map<Long, Seen> seen = new HashMap<>();

  private final String missing;

  private XidEvents(Nvml nvml, MemorySegment set, String missing) {
    this.nvml = nvml;
    this.set = set;
    this.missing = missing;
  }

  /// Why no reports can be had; empty where they can.
  String missing() {
    return missing;
  }

  /// What a card reported so far: the last number, and how often it reported which.
  record Seen(int last, Map<Integer, Integer> times) {
    static final Seen NOTHING = new Seen(0, Map.of());

    Seen {
      times = Map.copyOf(times);
    }

    Seen plus(int xid) {
      Map<Integer, Integer> more = new HashMap<>(times);
      if (more.size() < MOST_NUMBERS || more.containsKey(xid)) {
        more.merge(xid, 1, Integer::sum);
      }
      return new Seen(xid, more);
    }

    int reports() {
      return times.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// The number that says most: what follows a card's fall hides nothing.
    int gravest() {
      int worst = last;
      for (int one : times.keySet()) {
        if (grade(one).compareTo(grade(worst)) > 0) {
          worst = one;
        }
      }
      return worst;
    }

    private GpuConclusion.Grade grade(int xid) {
      return Xid.grade(xid, times.getOrDefault(xid, 0));
    }
  }

  /// From now on; what came before nobody can ask for.
  static XidEvents of(Nvml nvml, List<Card> cards) {
    try {
      return listening(nvml, cards);
    } catch (NvmlException e) {
      return new XidEvents(nvml, MemorySegment.NULL, String.valueOf(e.getMessage()));
    }
  }

  private static XidEvents listening(Nvml nvml, List<Card> cards) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment to = arena.allocate(ADDRESS);
      nvml.call("nvmlEventSetCreate", to);
      XidEvents events = new XidEvents(nvml, to.get(ADDRESS, 0), "");
      for (Card card : cards) {
        // A card that reports none (consumer cards report Xids alone) leaves the others theirs.
        int status =
            nvml.status("nvmlDeviceRegisterEvents", card.at(), XID | DOUBLE_BIT_ERROR, events.set);
        if (status == NvmlException.NOT_SUPPORTED) {
          nvml.status("nvmlDeviceRegisterEvents", card.at(), XID, events.set);
        }
      }
      return events;
    }
  }

  void collect() throws NvmlException {
    if (!missing.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, Long.BYTES);
      for (int i = 0; i < MOST; i++) {
        int status = nvml.status("nvmlEventSetWait_v2", set, event, 0);
        if (status != 0) {
          return;
        }
        if ((event.get(JAVA_LONG, TYPE) & XID) != 0) {
          note(event.get(ADDRESS, 0).address(), event.get(JAVA_LONG, DATA));
        }
      }
    }
  }

  Seen of(Card card) {
    return seen.getOrDefault(card.at().address(), Seen.NOTHING);
  }

  private void note(long card, long xid) {
    Seen before = seen.getOrDefault(card, Seen.NOTHING);
    seen.put(card, before.plus(Math.clamp(xid, 0, MOST_XID)));
  }
}
