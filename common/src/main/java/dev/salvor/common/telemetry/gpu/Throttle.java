package dev.salvor.common.telemetry.gpu;

import java.util.EnumSet;
import java.util.Set;

/// Why a card's clocks are not at their fastest (nvml.h, nvmlClocksEventReason...).
public enum Throttle {
  IDLE(0x1, "idle", false),
  APPLICATION_CLOCKS(0x2, "applications clocks setting", false),
  /// Normal under full load.
  POWER_CAP(0x4, "software power cap", false),
  HARDWARE(0x8, "hardware slowdown", true),
  SYNC_BOOST(0x10, "sync boost", false),
  SOFTWARE_THERMAL(0x20, "software thermal slowdown", true),
  HARDWARE_THERMAL(0x40, "hardware thermal slowdown", true),
  POWER_BRAKE(0x80, "hardware power brake", true),
  DISPLAY_CLOCKS(0x100, "display clocks setting", false);

  private final long bit;
  private final String words;
  private final boolean stealsSpeed;

  Throttle(long bit, String words, boolean stealsSpeed) {
    this.bit = bit;
    this.words = words;
    this.stealsSpeed = stealsSpeed;
  }

  public static Set<Throttle> of(long bits) {
    Set<Throttle> reasons = EnumSet.noneOf(Throttle.class);
    for (Throttle one : values()) {
      if ((bits & one.bit) != 0) {
        reasons.add(one);
      }
    }
    return reasons;
  }

  public long bit() {
    return bit;
  }

  public String words() {
    return words;
  }

  /// Whether it costs the job speed that it was promised.
  public boolean stealsSpeed() {
    return stealsSpeed;
  }
}
