package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads the platform's objects, in which anything may be null, a number may be a string, and a
/// string may end in a newline.
final class Fields {
  private Fields() {}

  /// Trimmed; empty if absent or null.
  static String text(JsonNode row, String name) {
    return row.path(name).asText("").strip();
  }

  static OptionalDouble number(JsonNode row, String name) {
    return number(row.path(name));
  }

  static OptionalDouble number(JsonNode value) {
    if (value.isNumber()) {
      return finite(value.doubleValue());
    }
    if (value.isBoolean()) {
      return OptionalDouble.of(value.booleanValue() ? 1 : 0);
    }
    if (!value.isTextual()) {
      return OptionalDouble.empty();
    }
    try {
      return finite(Double.parseDouble(value.textValue().strip()));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// An id or a count: positive, whole.
  static Optional<Long> positive(JsonNode row, String name) {
    OptionalDouble number = number(row, name);
    return number.isPresent() && number.getAsDouble() >= 1
        ? Optional.of((long) number.getAsDouble())
        : Optional.empty();
  }

  /// An amount of money: the platform's -1 and nonsense are unknown.
  static OptionalDouble dollars(JsonNode row, String name) {
    OptionalDouble number = number(row, name);
    boolean sane =
        number.isPresent() && number.getAsDouble() >= 0 && number.getAsDouble() < 1_000_000;
    return sane ? number : OptionalDouble.empty();
  }

  static boolean flag(JsonNode row, String name) {
    return number(row, name).orElse(0) != 0 || text(row, name).equalsIgnoreCase("true");
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
