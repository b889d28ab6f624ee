package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvor.common.telemetry.gpu.Throttle;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a card does now: use, memory, temperature, power, clocks, and what slows it. Read at each
/// look.
final class CardFigures {
  /// Of nvmlClockType_t: the multiprocessors, which the job's kernels run on, and the memory.
  private static final int CLOCK_SM = 1;

  private static final int CLOCK_MEMORY = 2;

  private static final double MILLIWATTS = 1000;

  /// nvmlMemory_v2_t, and nvmlMemory_t, which counts what the driver keeps back as used.
  private static final int MEMORY_2_BYTES = 40;

  private static final int MEMORY_BYTES = 24;

  private CardFigures() {}

  static void read(Card card, Sheet sheet) throws NvmlException {
    String gpu = card.name();
    use(card, sheet);
    memory(card, sheet);
    sheet.amount(gpu + " temperature", "C", () -> temperature(card));
    sheet.amount(gpu + " power", "W", () -> card.number("nvmlDeviceGetPowerUsage") / MILLIWATTS);
    sheet.amount(
        gpu + " power limit",
        "W",
        () -> card.number("nvmlDeviceGetEnforcedPowerLimit") / MILLIWATTS);
    sheet.amount(gpu + " clock", "MHz", () -> card.numberOf("nvmlDeviceGetClockInfo", CLOCK_SM));
    sheet.amount(
        gpu + " clock max", "MHz", () -> card.numberOf("nvmlDeviceGetMaxClockInfo", CLOCK_SM));
    sheet.amount(
        gpu + " memory clock", "MHz", () -> card.numberOf("nvmlDeviceGetClockInfo", CLOCK_MEMORY));
    throttle(card, sheet);
  }

  /// In the last second or less, the share of time in which a kernel ran, and memory was used.
  private static void use(Card card, Sheet sheet) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both =
          card.record("nvmlDeviceGetUtilizationRates", arena.allocate(JAVA_INT, 2));
      sheet.amount(card.name() + " use", "%", () -> both.getAtIndex(JAVA_INT, 0));
      sheet.amount(card.name() + " memory use", "%", () -> both.getAtIndex(JAVA_INT, 1));
    } catch (NvmlException e) {
      sheet.absent(card.name() + " use", e);
    }
  }

  private static void memory(Card card, Sheet sheet) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      Memory memory = memory(card, arena);
      sheet.amount(card.name() + " memory total", "bytes", memory::total);
      sheet.amount(card.name() + " memory used", "bytes", memory::used);
    } catch (NvmlException e) {
      sheet.absent(card.name() + " memory used", e);
    }
  }

  /// The card's own memory, in bytes.
  record Memory(long total, long used) {}

  static Memory memory(Card card) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      return memory(card, arena);
    }
  }

  private static Memory memory(Card card, Arena arena) throws NvmlException {
    try {
      MemorySegment two =
          card.record("nvmlDeviceGetMemoryInfo_v2", Card.versioned(arena, MEMORY_2_BYTES, 2));
      return new Memory(two.get(JAVA_LONG, 8), two.get(JAVA_LONG, 32));
    } catch (NvmlException e) {
      if (e.ended() || e.status() == NvmlException.GPU_IS_LOST) {
        throw e;
      }
      // A driver of before 2021, or one with another version of the record.
      MemorySegment one =
          card.record("nvmlDeviceGetMemoryInfo", arena.allocate(MEMORY_BYTES, Long.BYTES));
      return new Memory(one.get(JAVA_LONG, 0), one.get(JAVA_LONG, 16));
    }
  }

  /// The old function says the same; the new one may be all that a later driver has.
  private static int temperature(Card card) throws NvmlException {
    if (card.nvml().has("nvmlDeviceGetTemperature")) {
      return card.numberOf("nvmlDeviceGetTemperature", 0);
    }
    try (Arena arena = Arena.ofConfined()) {
      // nvmlTemperature_v1_t: version, sensor, degrees.
      return card.record("nvmlDeviceGetTemperatureV", Card.versioned(arena, 12, 1))
          .get(JAVA_INT, 8);
    }
  }

  private static void throttle(Card card, Sheet sheet) throws NvmlException {
    String function =
        card.nvml()
            .first(
                "nvmlDeviceGetCurrentClocksEventReasons",
                "nvmlDeviceGetCurrentClocksThrottleReasons");
    try {
      long bits = card.longOf(function);
      sheet.amount(card.name() + " throttle", "bits", () -> bits);
      String stolenBy = Throttle.stolenBy(bits);
      if (!stolenBy.isEmpty()) {
        sheet.text(card.name() + " slowed by", () -> stolenBy);
      }
    } catch (NvmlException e) {
      sheet.absent(card.name() + " throttle", e);
    }
  }
}
