package dev.salvor.common.telemetry.gpu;

import java.util.Locale;
import java.util.OptionalDouble;

/// One number that a card was asked for, or that it gave none and why.
public sealed interface Gauge {
  /// What was measured, in the unit of its field.
  record Value(double value) implements Gauge {}

  /// No number.
  ///
  /// @param said in the other side's words
  record Missing(Why why, String said) implements Gauge {}

  /// Why there is no number.
  enum Why {
    /// Nobody asked, or the answer has no such field.
    NOT_ASKED,
    /// This card or driver never says it: not a fault.
    NOT_SUPPORTED,
    /// It would say it to root of the host only.
    NO_PERMISSION,
    /// The card should say it and failed to: ERR!, Unknown Error.
    FAILED,
    /// The card does not answer any more.
    LOST;

    /// By the words that stand where a number was asked for.
    public static Why of(String said) {
      String word = said.toLowerCase(Locale.ROOT);
      if (word.contains("is lost") || word.contains("fallen off") || word.equals("lost")) {
        return LOST;
      }
      if (word.contains("permission")) {
        return NO_PERMISSION;
      }
      boolean failed =
          word.startsWith("err")
              || word.contains("error")
              || word.contains("requires reset")
              || word.contains("fail")
              || word.startsWith("unknown")
              || word.contains("timeout");
      return failed ? FAILED : NOT_SUPPORTED;
    }
  }

  static Gauge of(double value) {
    return new Value(value);
  }

  static Gauge missing(Why why, String said) {
    return new Missing(why, said);
  }

  /// Yes is 1, no is 0.
  static Gauge of(boolean flag) {
    return new Value(flag ? 1 : 0);
  }

  default OptionalDouble number() {
    return this instanceof Value(double value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
