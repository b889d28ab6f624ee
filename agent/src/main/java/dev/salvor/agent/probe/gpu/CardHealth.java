package dev.salvor.agent.probe.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What wears a card out or makes it ill: memory errors, pages and rows taken out of service, the
/// bus, the links, and what the driver says must be done. Read now and then.
final class CardHealth {
  // Of nvmlMemoryErrorType_t and nvmlEccCounterType_t.
  private static final int CORRECTED = 0;
  private static final int UNCORRECTED = 1;
  private static final int SINCE_BOOT = 0;
  private static final int EVER = 1;

  /// NVML_FI_DEV_GET_GPU_RECOVERY_ACTION, and nvmlFieldValue_t.
  private static final int FIELD_RECOVERY = 230;

  private static final int FIELD_BYTES = 40;
  private static final int FIELD_STATUS = 28;
  private static final int FIELD_VALUE = 32;

  /// NVML_NVLINK_MAX_LINKS.
  private static final int MAX_LINKS = 18;

  /// Of nvmlPageRetirementCause_t: many single errors, one double error.
  private static final int SINGLE_BIT = 0;

  private static final int DOUBLE_BIT = 1;

  private CardHealth() {}

  static void read(Card card, Sheet sheet) throws NvmlException {
    String gpu = card.name();
    sheet.amount(gpu + " ecc corrected", "errors", () -> ecc(card, CORRECTED, SINCE_BOOT));
    sheet.amount(gpu + " ecc uncorrected", "errors", () -> ecc(card, UNCORRECTED, SINCE_BOOT));
    sheet.amount(gpu + " ecc corrected ever", "errors", () -> ecc(card, CORRECTED, EVER));
    sheet.amount(gpu + " ecc uncorrected ever", "errors", () -> ecc(card, UNCORRECTED, EVER));
    rows(card, sheet);
    sheet.amount(gpu + " retired pages single bit", "pages", () -> retired(card, SINGLE_BIT));
    sheet.amount(gpu + " retired pages double bit", "pages", () -> retired(card, DOUBLE_BIT));
    sheet.amount(
        gpu + " retired pages pending",
        "flag",
        () -> card.number("nvmlDeviceGetRetiredPagesPendingStatus"));
    sheet.amount(
        gpu + " pcie generation", "", () -> card.number("nvmlDeviceGetCurrPcieLinkGeneration"));
    sheet.amount(gpu + " pcie width", "lanes", () -> card.number("nvmlDeviceGetCurrPcieLinkWidth"));
    sheet.amount(
        gpu + " pcie replays", "replays", () -> card.number("nvmlDeviceGetPcieReplayCounter"));
    links(card, sheet);
    sheet.amount(gpu + " recovery action", "code", () -> recovery(card));
  }

  private static double ecc(Card card, int what, int since) throws NvmlException {
    return card.longOf("nvmlDeviceGetTotalEccErrors", what, since);
  }

  /// Of Ampere and later: rows in reserve that took the place of bad ones.
  private static void rows(Card card, Sheet sheet) throws NvmlException {
    String gpu = card.name();
    try {
      int[] rows = card.numbers("nvmlDeviceGetRemappedRows", 4);
      sheet.amount(gpu + " remapped rows correctable", "rows", () -> rows[0]);
      sheet.amount(gpu + " remapped rows uncorrectable", "rows", () -> rows[1]);
      sheet.amount(gpu + " remapped rows pending", "flag", () -> rows[2]);
      sheet.amount(gpu + " remapped rows failed", "flag", () -> rows[3]);
    } catch (NvmlException e) {
      sheet.absent(gpu + " remapped rows uncorrectable", e);
    }
  }

  /// Of cards before Ampere.
  private static double retired(Card card, int cause) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      int status =
          card.nvml()
              .status("nvmlDeviceGetRetiredPages", card.at(), cause, count, MemorySegment.NULL);
      if (status != 0 && status != NvmlException.INSUFFICIENT_SIZE) {
        throw new NvmlException("nvmlDeviceGetRetiredPages", status);
      }
      return Integer.toUnsignedLong(count.get(JAVA_INT, 0));
    }
  }

  /// How many are up and how many down; a card that has none says so at the first.
  private static void links(Card card, Sheet sheet) throws NvmlException {
    int up = 0;
    int links = 0;
    try {
      for (; links < MAX_LINKS; links++) {
        up += card.numberOf("nvmlDeviceGetNvLinkState", links) == 1 ? 1 : 0;
      }
    } catch (NvmlException e) {
      if (links == 0) {
        sheet.absent(card.name() + " nvlinks up", e);
        return;
      }
    }
    double down = links - up;
    double on = up;
    sheet.amount(card.name() + " nvlinks up", "links", () -> on);
    sheet.amount(card.name() + " nvlinks down", "links", () -> down);
  }

  /// What the driver wants done: 0 nothing, 1 reset, 2 reboot, 3 drain, 4 drain and reset, 5 IMEX.
  private static double recovery(Card card) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment field = arena.allocate(FIELD_BYTES, ADDRESS.byteAlignment());
      field.set(JAVA_INT, 0, FIELD_RECOVERY);
      card.nvml().call("nvmlDeviceGetFieldValues", card.at(), 1, field);
      int status = field.get(JAVA_INT, FIELD_STATUS);
      if (status != 0) {
        throw new NvmlException("nvmlDeviceGetFieldValues 230", status);
      }
      return field.get(JAVA_INT, FIELD_VALUE);
    }
  }
}
