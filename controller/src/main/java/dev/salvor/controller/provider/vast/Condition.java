package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.OptionalDouble;

/// One condition of a search, which both sides judge: the platform drops filters without a word.
///
/// @param value a list for in and notin
record Condition(String field, Op op, JsonNode value) {

  /// How a field is compared.
  enum Op {
    EQ("eq"),
    NEQ("neq"),
    GT("gt"),
    GTE("gte"),
    LT("lt"),
    LTE("lte"),
    IN("in"),
    NOTIN("notin");

    private final String wire;

    Op(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }

    boolean takesList() {
      return this == IN || this == NOTIN;
    }
  }

  /// Whether the offer fits. What it does not say fits no condition but "is not" and "is null".
  boolean holds(JsonNode offer) {
    JsonNode seen = OfferColumns.read(offer, field);
    return switch (op) {
      case EQ -> same(seen, value);
      case NEQ -> !same(seen, value);
      case IN -> isAmong(seen);
      case NOTIN -> !isAmong(seen);
      case GT, GTE, LT, LTE -> compares(seen);
    };
  }

  /// As above, but what the offer does not say fits: for conditions that nobody typed.
  boolean mayHold(JsonNode offer) {
    JsonNode seen = OfferColumns.read(offer, field);
    return seen.isMissingNode() || seen.isNull() || holds(offer);
  }

  private boolean isAmong(JsonNode seen) {
    if (!(value instanceof ArrayNode list)) {
      throw new IllegalStateException("A list was expected: " + this);
    }
    for (JsonNode one : list) {
      if (same(seen, one)) {
        return true;
      }
    }
    return false;
  }

  private boolean compares(JsonNode seen) {
    OptionalDouble left = Fields.number(seen);
    OptionalDouble right = Fields.number(value);
    if (left.isEmpty() || right.isEmpty()) {
      return false;
    }
    int order = Double.compare(left.getAsDouble(), right.getAsDouble());
    return switch (op) {
      case GT -> order > 0;
      case GTE -> order >= 0;
      case LT -> order < 0;
      case LTE -> order <= 0;
      case EQ, NEQ, IN, NOTIN -> throw new IllegalStateException("No order in " + op);
    };
  }

  private boolean same(JsonNode seen, JsonNode wanted) {
    if (wanted.isNull() || seen.isNull() || seen.isMissingNode()) {
      return wanted.isNull() && (seen.isNull() || seen.isMissingNode());
    }
    OptionalDouble left = Fields.number(seen);
    OptionalDouble right = Fields.number(wanted);
    if (left.isPresent() && right.isPresent()) {
      return Math.abs(left.getAsDouble() - right.getAsDouble()) < 1e-9;
    }
    String text = seen.asText().strip();
    String want = wanted.asText().strip();
    return text.equalsIgnoreCase(want)
        || (field.equals("geolocation") && OfferColumns.country(text).equalsIgnoreCase(want));
  }
}
