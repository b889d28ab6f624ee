package dev.salvor.common.telemetry.gpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What NVIDIA's error numbers in the kernel's log mean for somebody who rents the card: by
/// NVIDIA's catalog (docs.nvidia.com/deploy/xid-errors), whose "reset the GPU" a tenant cannot do.
public final class Xid {
  private static final Map<Integer, Meaning> MEANINGS = new HashMap<>();

  /// The ones that a person meets, by their names.
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(8, "GPU stopped processing"),
          Map.entry(13, "graphics engine exception"),
          Map.entry(31, "memory page fault"),
          Map.entry(32, "corrupted push buffer"),
          Map.entry(38, "driver firmware error"),
          Map.entry(43, "GPU stopped processing for one program"),
          Map.entry(45, "preemptive cleanup after another error"),
          Map.entry(48, "double bit ECC error"),
          Map.entry(54, "auxiliary power is not connected"),
          Map.entry(61, "internal micro-controller breakpoint"),
          Map.entry(62, "internal micro-controller halt"),
          Map.entry(63, "a row of memory is to be remapped, or a page retired"),
          Map.entry(64, "remapping a row, or retiring a page, failed"),
          Map.entry(68, "video processor exception"),
          Map.entry(69, "graphics engine class error"),
          Map.entry(74, "NVLink error"),
          Map.entry(79, "GPU has fallen off the bus"),
          Map.entry(92, "high single bit ECC error rate"),
          Map.entry(94, "contained memory error"),
          Map.entry(95, "uncontained memory error"),
          Map.entry(109, "context switch timeout"),
          Map.entry(119, "GSP does not answer"),
          Map.entry(120, "GSP error"),
          Map.entry(140, "unrecovered ECC error"),
          Map.entry(143, "GPU did not start"),
          Map.entry(154, "recovery action changed"));

  /// Written into the card: it outlasts whatever logged it.
  private static final List<Integer> MEMORY = List.of(48, 63, 64, 92, 94, 95, 140);

  /// One may be the job's own doing (NVIDIA's device plugin passes over it); the same again is the
  /// card's.
  private static final int ONCE_IS_NONE = 109;

  static {
    put(Meaning.APP, 8, 11, 13, 25, 31, 32, 39, 40, 41, 60, 68, 69, 70, 71, 72, 75, 76, 77, 80);
    put(Meaning.APP, 82, 83, 84, 85, 86, 88, 89, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105);
    put(Meaning.APP, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 139);
    put(Meaning.CONTAINED, 94);
    put(
        Meaning.NOTE,
        37,
        38,
        43,
        44,
        45,
        63,
        66,
        67,
        92,
        93,
        106,
        107,
        121,
        137,
        141,
        152,
        153,
        157);
    put(Meaning.NOTE, 160, 161, 154);
    put(Meaning.FOLLOW, 48, 74, 144, 145, 146, 147, 148, 149, 150);
    put(Meaning.LEAVE, 46, 61, 62, 64, 95, 109, 110, 119, 120, 136, 140, 143, 155, 156, 158);
    put(Meaning.DEAD, 79, 54, 78, 151);
  }

  private Xid() {}

  /// What to do about a number.
  public enum Meaning {
    /// The job did something wrong: the card is fine.
    APP("the job's own fault: the card is fine, mend the job"),
    /// Memory went bad and the driver contained it: the job it hit is lost, others are not.
    CONTAINED("a memory error that was contained: restart the job, and watch the card"),
    /// Nothing to do by itself.
    NOTE("nothing to do by itself"),
    /// Look at what else is in the log.
    FOLLOW("a sign of a fault of the card or its links: see what else is logged, and watch it"),
    /// Needs a reset of the card, which a tenant cannot do.
    LEAVE("the card needs a reset, which a tenant cannot do: save what there is and leave the box"),
    /// Needs hands on the host.
    DEAD("the card is gone until the host is mended: leave the box"),
    /// Not in the table.
    UNKNOWN("not in the table: look it up at docs.nvidia.com/deploy/xid-errors");

    private final String advice;

    Meaning(String advice) {
      this.advice = advice;
    }

    public String advice() {
      return advice;
    }
  }

  private static void put(Meaning meaning, int... numbers) {
    Arrays.stream(numbers).forEach(number -> MEANINGS.put(number, meaning));
  }

  public static Meaning meaning(int number) {
    return MEANINGS.getOrDefault(number, Meaning.UNKNOWN);
  }

  /// What to do about a number, in words.
  public static String advice(int number) {
    return isMemory(number) && meaning(number) == Meaning.NOTE
        ? "worn memory is taken out of use: the card runs on, and more may follow"
        : meaning(number).advice();
  }

  /// "Xid 79 (GPU has fallen off the bus)".
  public static String words(int number) {
    String name = NAMES.getOrDefault(number, "");
    return name.isEmpty() ? "Xid " + number : "Xid %d (%s)".formatted(number, name);
  }

  /// Whether it tells of memory that is damaged and stays so.
  public static boolean isMemory(int number) {
    return MEMORY.contains(number);
  }

  /// What a card that reported it so many times is worth.
  public static GpuConclusion.Grade grade(int number, int times) {
    return number == ONCE_IS_NONE && times < 2 ? GpuConclusion.Grade.DEGRADED : grade(number);
  }

  /// What a card that logged it is worth.
  public static GpuConclusion.Grade grade(int number) {
    return switch (meaning(number)) {
      case DEAD -> GpuConclusion.Grade.DEAD;
      case LEAVE -> GpuConclusion.Grade.LEAVE;
      case CONTAINED, FOLLOW -> GpuConclusion.Grade.DEGRADED;
      case APP, NOTE, UNKNOWN ->
          isMemory(number) ? GpuConclusion.Grade.DEGRADED : GpuConclusion.Grade.HEALTHY;
    };
  }
}
