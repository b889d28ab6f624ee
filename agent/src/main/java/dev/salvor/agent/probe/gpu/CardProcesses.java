package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvor.common.telemetry.Reading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Who computes on a card, and how much memory they hold together. Their numbers are of the host:
/// in a container they name nobody, and the list may be empty though the card is used.
final class CardProcesses {
  /// nvmlProcessInfo_t: pid, padding, bytes, instance, instance.
  private static final int BYTES = 24;

  private static final int USED = 8;

  /// NVML_VALUE_NOT_AVAILABLE.
  private static final long NOT_KNOWN = -1;

  /// They come and go between two calls.
  private static final int SPARE = 16;

  private static final int MOST = 4096;

  /// Linux has no higher process numbers.
  private static final long MAX_PID = 1L << 22;

  /// The first drivers of this branch had a longer record under the same name, up to 535.98.
  private static final int TRAP_BRANCH = 535;

  private static final int TRAP_UNTIL = 98;

  private CardProcesses() {}

  static void read(Card card, Sheet sheet) throws NvmlException {
    String gpu = card.name();
    try {
      Held held = held(card);
      sheet.amount(gpu + " processes", "processes", held::processes);
      if (held.unknown() > 0) {
        String why = "the driver does not say it of %d of them".formatted(held.unknown());
        sheet.add(new Reading.Absent(Sheet.PROBE, gpu + " memory of processes", why));
      } else {
        sheet.amount(gpu + " memory of processes", "bytes", held::bytes);
      }
    } catch (NvmlException e) {
      sheet.absent(gpu + " processes", e);
    } catch (IllegalStateException e) {
      sheet.add(
          new Reading.Absent(Sheet.PROBE, gpu + " processes", String.valueOf(e.getMessage())));
    }
  }

  private record Held(int processes, long bytes, int unknown) {}

  private static Held held(Card card) throws NvmlException {
    Nvml nvml = card.nvml();
    String function =
        trapped(nvml)
            ? "nvmlDeviceGetComputeRunningProcesses_v2"
            : nvml.first(
                "nvmlDeviceGetComputeRunningProcesses_v3",
                "nvmlDeviceGetComputeRunningProcesses_v2");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      int status = nvml.status(function, card.at(), count, MemorySegment.NULL);
      if (status == 0) {
        return new Held(0, 0, 0);
      }
      if (status != NvmlException.INSUFFICIENT_SIZE) {
        throw new NvmlException(function, status);
      }
      int room = Math.clamp(Integer.toUnsignedLong(count.get(JAVA_INT, 0)) + SPARE, SPARE, MOST);
      MemorySegment list = arena.allocate((long) room * BYTES, Long.BYTES);
      count.set(JAVA_INT, 0, room);
      nvml.call(function, card.at(), count, list);
      return sum(list, Math.clamp(count.get(JAVA_INT, 0), 0, room));
    }
  }

  private static Held sum(MemorySegment list, int count) {
    long bytes = 0;
    int unknown = 0;
    for (int i = 0; i < count; i++) {
      long at = (long) i * BYTES;
      long pid = Integer.toUnsignedLong(list.get(JAVA_INT, at));
      if (pid == 0 || pid > MAX_PID) {
        throw new IllegalStateException(
            "the driver's list of processes has another layout: pid %d".formatted(pid));
      }
      long used = list.get(JAVA_LONG, at + USED);
      if (used == NOT_KNOWN) {
        unknown++;
      } else {
        bytes += Math.max(0, used);
      }
    }
    return new Held(count, bytes, unknown);
  }

  private static boolean trapped(Nvml nvml) throws NvmlException {
    String[] version = GpuProbe.driver(nvml).split("\\.", -1);
    try {
      return version.length > 1
          && Integer.parseInt(version[0]) == TRAP_BRANCH
          && Integer.parseInt(version[1]) < TRAP_UNTIL;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
