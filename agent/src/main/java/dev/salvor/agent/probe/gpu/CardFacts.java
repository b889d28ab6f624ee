package dev.salvor.agent.probe.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What a card is: it does not change while the box is up. Read once.
final class CardFacts {
  /// nvmlPciInfo_t of the third version; the bus id as newer drivers write it is at its end.
  private static final int PCI_BYTES = 68;

  private static final int PCI_ID = 36;
  private static final int PCI_ID_BYTES = 32;

  private CardFacts() {}

  static void read(Card card, Sheet sheet) throws NvmlException {
    String gpu = card.name();
    sheet.text(gpu, () -> card.text("nvmlDeviceGetName"));
    sheet.text(gpu + " uuid", () -> card.text("nvmlDeviceGetUUID"));
    sheet.text(gpu + " pci", () -> pci(card));
    sheet.amount(gpu + " compute capability", "", () -> capability(card));
    sheet.amount(gpu + " ecc", "flag", () -> card.numbers("nvmlDeviceGetEccMode", 2)[0]);
    sheet.amount(gpu + " mig", "flag", () -> card.numbers("nvmlDeviceGetMigMode", 2)[0]);
    sheet.amount(
        gpu + " pcie generation max", "", () -> card.number("nvmlDeviceGetMaxPcieLinkGeneration"));
    sheet.amount(
        gpu + " pcie width max", "lanes", () -> card.number("nvmlDeviceGetMaxPcieLinkWidth"));
  }

  /// As 8.9; none has a two-digit minor.
  private static double capability(Card card) throws NvmlException {
    int[] version = card.numbers("nvmlDeviceGetCudaComputeCapability", 2);
    return version[0] + version[1] / 10.0;
  }

  private static String pci(Card card) throws NvmlException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info =
          card.record("nvmlDeviceGetPciInfo_v3", arena.allocate(PCI_BYTES, Integer.BYTES));
      return Texts.of(info.asSlice(PCI_ID, PCI_ID_BYTES));
    }
  }
}
