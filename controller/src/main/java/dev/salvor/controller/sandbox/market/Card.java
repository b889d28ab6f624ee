package dev.salvor.controller.sandbox.market;

import java.util.List;

/// A kind of GPU as its offers describe it; the price is the middle of what is asked for one card
/// an hour.
record Card(
    String name,
    long ramMb,
    int computeCap,
    double teraflops,
    double price,
    int watts,
    double bandwidth,
    double dlperf) {
  /// The ten most often for rent.
  static final List<Card> COMMON =
      List.of(
          new Card("RTX 4090", 24_564, 890, 82.6, 0.34, 450, 1008, 90),
          new Card("RTX 3090", 24_576, 860, 35.6, 0.17, 350, 936, 55),
          new Card("RTX 5090", 32_607, 1200, 104.8, 0.45, 575, 1792, 150),
          new Card("RTX 4080", 16_376, 890, 48.7, 0.22, 320, 717, 62),
          new Card("RTX 3060", 12_288, 860, 12.7, 0.06, 170, 360, 18),
          new Card("RTX A6000", 49_140, 860, 38.7, 0.42, 300, 768, 60),
          new Card("L40S", 46_068, 890, 91.6, 0.62, 350, 864, 95),
          new Card("A100 SXM4", 81_920, 800, 19.5, 0.79, 400, 2039, 145),
          new Card("A100 PCIE", 40_960, 800, 19.5, 0.58, 250, 1555, 118),
          new Card("H100 SXM", 81_559, 900, 66.9, 1.87, 700, 3350, 420));
}
