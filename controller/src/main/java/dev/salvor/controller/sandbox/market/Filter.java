package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/// The platform's filters: one operator against one value of a row, compared after coercion of text
/// to numbers.
final class Filter {
  private static final Set<String> OPERATORS =
      Set.of("eq", "neq", "noteq", "gt", "gte", "lt", "lte", "in", "notin", "nin");

  private Filter() {}

  static boolean known(String operator) {
    return OPERATORS.contains(operator);
  }

  /// Whether the row's value passes every operator of `{"gte": 1, "lt": "5"}`; a bare value means
  /// `eq`.
  static boolean passes(JsonNode actual, JsonNode wanted) {
    if (!wanted.isObject()) {
      return same(actual, wanted);
    }
    for (var entry : wanted.properties()) {
      if (!passes(actual, entry.getKey(), entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean passes(JsonNode actual, String operator, JsonNode value) {
    return switch (operator) {
      case "eq" -> same(actual, value);
      case "neq", "noteq" -> !same(actual, value);
      case "in" -> among(actual, value);
      case "notin", "nin" -> !among(actual, value);
      case "gt" -> !absent(actual) && compare(actual, value) > 0;
      case "gte" -> !absent(actual) && compare(actual, value) >= 0;
      case "lt" -> !absent(actual) && compare(actual, value) < 0;
      case "lte" -> !absent(actual) && compare(actual, value) <= 0;
      default -> true;
    };
  }

  private static boolean among(JsonNode actual, JsonNode values) {
    for (JsonNode value : values) {
      if (same(actual, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(JsonNode actual, JsonNode value) {
    if (absent(actual) || absent(value)) {
      return absent(actual) && absent(value);
    }
    if (actual.isBoolean() || value.isBoolean()) {
      return flag(actual).equalsIgnoreCase(flag(value));
    }
    return compare(actual, value) == 0;
  }

  /// Some flags are 1 and 0 in the rows.
  private static String flag(JsonNode node) {
    return switch (node.asText()) {
      case "1" -> "true";
      case "0" -> "false";
      default -> node.asText();
    };
  }

  private static boolean absent(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  /// As numbers where both are, else as text.
  static int compare(JsonNode a, JsonNode b) {
    double x = number(a);
    double y = number(b);
    return Double.isNaN(x) || Double.isNaN(y)
        ? a.asText().compareTo(b.asText())
        : Double.compare(x, y);
  }

  private static double number(JsonNode node) {
    if (node.isNumber()) {
      return node.asDouble();
    }
    try {
      return node.isTextual() ? Double.parseDouble(node.asText()) : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
