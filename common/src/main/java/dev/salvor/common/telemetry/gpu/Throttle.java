package dev.salvor.common.telemetry.gpu;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Why a card's clocks are not at their fastest (nvml.h, nvmlClocksEventReason...).
public enum Throttle {
  IDLE(0x1, "idle", false),
  APPLICATION_CLOCKS(0x2, "applications clocks setting", false),
  /// Normal under full load.
  POWER_CAP(0x4, "software power cap", false),
  HARDWARE(0x8, "the hardware", true),
  SYNC_BOOST(0x10, "sync boost", false),
  SOFTWARE_THERMAL(0x20, "heat (driver)", true),
  HARDWARE_THERMAL(0x40, "heat (hardware)", true),
  POWER_BRAKE(0x80, "its power supply", true),
  DISPLAY_CLOCKS(0x100, "display clocks setting", false);

  /// How the names end once only their letters are left. Longer ones do not end with shorter ones.
  private static final Map<String, Throttle> NAMES =
      Map.ofEntries(
          Map.entry("idle", IDLE),
          Map.entry("applicationsclockssetting", APPLICATION_CLOCKS),
          Map.entry("userdefinedclocks", APPLICATION_CLOCKS),
          Map.entry("swpowercap", POWER_CAP),
          Map.entry("hwslowdown", HARDWARE),
          Map.entry("syncboost", SYNC_BOOST),
          Map.entry("swthermalslowdown", SOFTWARE_THERMAL),
          Map.entry("hwthermalslowdown", HARDWARE_THERMAL),
          Map.entry("hwpowerbrakeslowdown", POWER_BRAKE),
          Map.entry("displayclockssetting", DISPLAY_CLOCKS),
          Map.entry("displayclocksetting", DISPLAY_CLOCKS));

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

  /// By its name in any of nvidia-smi's outputs: "clocks_event_reason_hw_slowdown",
  /// "clocks_throttle_reasons.hw_slowdown", "HW Slowdown".
  public static Optional<Throttle> named(String name) {
    String word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    if (word.contains("support") || word.contains("counter") || word.endsWith("active")) {
      return Optional.empty();
    }
    return NAMES.entrySet().stream()
        .filter(one -> word.endsWith(one.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// What takes speed away from the job, in words divided by commas; "" where nothing does.
  public static String stolenBy(long bits) {
    return of(bits).stream()
        .filter(Throttle::stealsSpeed)
        .map(Throttle::words)
        .collect(Collectors.joining(", "));
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
