package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Arm;
import java.time.Duration;
import java.util.Locale;

/// One arm, what it is expected to cost, and how that comes together.
///
/// @param idle how long nothing new is done
/// @param sum the parts, in words
record Priced(Arm arm, Duration idle, Usd cost, String sum) {
  Priced(Arm arm, Duration idle) {
    this(arm, idle, Usd.ZERO, "");
  }

  /// With one part more; what costs nothing is left out.
  Priced plus(Usd part, String what) {
    return part.micros() == 0
        ? this
        : new Priced(
            arm,
            idle,
            cost.plus(part),
            "%s%s%s %s".formatted(sum, sum.isEmpty() ? "" : " + ", part, what));
  }

  String name() {
    return arm.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "%s: %s = %s".formatted(name(), sum, cost);
  }
}
