package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// One request for a page of the list of instances.
public record InstanceQuery(
    JsonNode filters, JsonNode order, JsonNode columns, int limit, String after) {
  /// Both the default and the most.
  public static final int MAX_LIMIT = 25;

  private static final int LIMIT_FOR_NONSENSE = 5;

  /// Columns that are computed for the answer cannot be asked for.
  private static final Set<String> COMPUTED =
      Set.of("dph_total", "num_gpus", "duration", "uptime_mins", "ports", "search", "instance");

  ObjectNode page(List<ObjectNode> rows) throws Refusal {
    check(rows);
    var found = new ArrayList<ObjectNode>();
    for (ObjectNode row : rows) {
      if (matches(row)) {
        found.add(row);
      }
    }
    found.sort(comparator(rows));
    int from = offset();
    int size = limit <= 0 ? LIMIT_FOR_NONSENSE : Math.min(limit, MAX_LIMIT);
    int to = Math.min(found.size(), from + size);
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("instances_found", Math.max(0, to - from)).put("total_instances", found.size());
    var counts = new TreeMap<String, Integer>();
    found.forEach(row ->
        counts.merge(
            row.path("label").textValue() == null ? "" : row.path("label").asText(),
            1,
            Integer::sum));
    var labels = answer.putObject("label_counts");
    counts.forEach(labels::put);
    answer.put("next_token", to < found.size() ? token(to) : null);
    var page = answer.putArray("instances");
    found.subList(Math.min(from, to), to).forEach(row -> page.add(selected(row)));
    return answer;
  }

  private void check(List<ObjectNode> rows) throws Refusal {
    for (var filter : filters.properties()) {
      if (COMPUTED.contains(filter.getKey()) || !column(rows, filter.getKey())) {
        throw new Refusal(400, "invalid_request", "Invalid filter column: " + filter.getKey());
      }
      for (var operator : filter.getValue().properties()) {
        if (!Filter.known(operator.getKey())) {
          throw new Refusal(400, "invalid_request", "Invalid operator: " + operator.getKey());
        }
      }
    }
  }

  /// With no instance there is no row to check a name against.
  private static boolean column(List<ObjectNode> rows, String name) {
    return rows.isEmpty() || rows.getFirst().has(name);
  }

  private boolean matches(ObjectNode row) {
    for (var filter : filters.properties()) {
      if (!Filter.passes(row.path(filter.getKey()), filter.getValue())) {
        return false;
      }
    }
    return true;
  }

  private Comparator<ObjectNode> comparator(List<ObjectNode> rows) throws Refusal {
    Comparator<ObjectNode> all = Comparator.comparingInt(_ -> 0);
    for (JsonNode one : order) {
      String column = one.path("col").asText();
      if (COMPUTED.contains(column) || !column(rows, column)) {
        throw new Refusal(400, "invalid_request", "Invalid order column: " + column);
      }
      Comparator<ObjectNode> by = (a, b) -> Filter.compare(a.path(column), b.path(column));
      all = all.thenComparing(one.path("dir").asText().equals("desc") ? by.reversed() : by);
    }
    return all.thenComparingLong(row -> row.path("id").asLong());
  }

  private JsonNode selected(ObjectNode row) {
    if (columns.isEmpty() || columns.get(0).asText().equals("*")) {
      return row;
    }
    var some = JsonNodeFactory.instance.objectNode();
    columns.forEach(name ->
        some.set(
            name.asText(),
            row.path(name.asText()).isMissingNode() ? null : row.get(name.asText())));
    return some;
  }

  private int offset() throws Refusal {
    if (after.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.US_ASCII);
      return Math.max(0, Integer.parseInt(text.replaceFirst("^after:", "")));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "invalid_token", "Invalid page token.");
    }
  }

  private static String token(int offset) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("after:" + offset).getBytes(StandardCharsets.US_ASCII));
  }
}
