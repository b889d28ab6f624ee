package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// In which order offers are wanted: "dph,num_gpus-", as the platform's own client takes it.
///
/// @param problems what is wrong with the text; empty if nothing is
record Order(List<By> by, List<String> problems) {

  Order {
    by = List.copyOf(by);
    problems = List.copyOf(problems);
  }

  /// @param field its name on the wire
  record By(String field, boolean down) {
    private int compare(JsonNode left, JsonNode right) {
      JsonNode a = OfferColumns.read(left, field);
      JsonNode b = OfferColumns.read(right, field);
      OptionalDouble x = Fields.number(a);
      OptionalDouble y = Fields.number(b);
      if (x.isEmpty() || y.isEmpty()) {
        // What an offer does not say comes last, whichever way.
        boolean words = x.isEmpty() && y.isEmpty();
        int text = down ? b.asText().compareTo(a.asText()) : a.asText().compareTo(b.asText());
        return words ? text : Boolean.compare(x.isEmpty(), y.isEmpty());
      }
      int order = Double.compare(x.getAsDouble(), y.getAsDouble());
      return down ? -order : order;
    }
  }

  /// A minus before or behind a field is downwards; empty text asks for no order.
  static Order parse(String text) {
    List<By> by = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String typed = part.strip();
      String bare = typed.replaceAll("^[-+]|[-+]$", "").strip();
      if (!bare.isEmpty()) {
        OfferColumns.orderName(bare)
            .ifPresentOrElse(
                name -> by.add(new By(name, typed.contains("-"))),
                () ->
                    problems.add(
                        "cannot order by \"%s\", did you mean \"%s\"?"
                            .formatted(Words.clean(bare), Nearest.of(bare))));
      }
    }
    return new Order(by, problems);
  }

  ArrayNode wire() {
    ArrayNode pairs = Wire.JSON.createArrayNode();
    by.forEach(one -> pairs.addArray().add(one.field()).add(one.down() ? "desc" : "asc"));
    return pairs;
  }

  Comparator<JsonNode> rows() {
    Comparator<JsonNode> all = Comparator.comparingInt(_ -> 0);
    for (By one : by) {
      all = all.thenComparing(one::compare);
    }
    return all;
  }
}
