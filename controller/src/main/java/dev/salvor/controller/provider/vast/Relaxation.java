package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.provider.OfferBook.Tight;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// How far one condition would have to give way, in the units in which it was typed.
final class Relaxation {
  private Relaxation() {}

  /// @param left offers that only this condition keeps out; at least one
  static Tight of(Condition condition, List<JsonNode> left) {
    OptionalDouble nearest = nearest(condition, left);
    String value =
        nearest.isPresent() ? plain(nearest.getAsDouble()) : commonest(condition.field(), left);
    return new Tight(text(condition), left.size(), nearest, value);
  }

  private static OptionalDouble nearest(Condition condition, List<JsonNode> left) {
    double unit = OfferColumns.multiplier(condition.field()).orElse(1.0);
    DoubleStream seen =
        left.stream()
            .map(row -> Fields.number(OfferColumns.read(row, condition.field())))
            .flatMapToDouble(OptionalDouble::stream)
            .map(value -> value / unit);
    OptionalDouble wanted = Fields.number(condition.value());
    return switch (condition.op()) {
      case GT, GTE -> seen.max();
      case LT, LTE -> seen.min();
      case EQ ->
          wanted.isEmpty() || condition.value().isBoolean()
              ? OptionalDouble.empty()
              : seen.boxed()
                  .min(
                      Comparator.comparingDouble(
                          value -> Math.abs(value - wanted.getAsDouble() / unit)))
                  .map(OptionalDouble::of)
                  .orElse(OptionalDouble.empty());
      case NEQ, IN, NOTIN -> OptionalDouble.empty();
    };
  }

  private static String commonest(String field, List<JsonNode> left) {
    return left.stream()
        .map(row -> OfferColumns.read(row, field).asText("").strip())
        .collect(
            java.util.stream.Collectors.groupingBy(v -> v, java.util.stream.Collectors.counting()))
        .entrySet()
        .stream()
        .max(java.util.Map.Entry.comparingByValue())
        .map(java.util.Map.Entry::getKey)
        .orElse("");
  }

  private static String text(Condition condition) {
    double unit = OfferColumns.multiplier(condition.field()).orElse(1.0);
    OptionalDouble number = Fields.number(condition.value());
    String value =
        number.isPresent() && !condition.value().isBoolean()
            ? plain(number.getAsDouble() / unit)
            : condition.value().isTextual()
                ? condition.value().textValue().replace(' ', '_')
                : condition.value().toString();
    return condition.field() + symbol(condition.op()) + value;
  }

  private static String symbol(Condition.Op op) {
    return switch (op) {
      case EQ -> "=";
      case NEQ -> "!=";
      case GT -> ">";
      case GTE -> ">=";
      case LT -> "<";
      case LTE -> "<=";
      case IN -> " in ";
      case NOTIN -> " notin ";
    };
  }

  private static String plain(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
