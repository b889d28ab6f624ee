package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Reads the platform's objects, in which anything may be null, a number may be a string, and a
/// string may end in a newline.
final class Fields {
  /// It becomes an argument of ssh, so nothing that could be an option or an expression.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}");

  private Fields() {}

  static boolean isHost(String text) {
    return HOST.matcher(text).matches();
  }

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
    return flag(row.path(name));
  }

  static boolean flag(JsonNode value) {
    return number(value).orElse(0) != 0 || value.asText("").equalsIgnoreCase("true");
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
