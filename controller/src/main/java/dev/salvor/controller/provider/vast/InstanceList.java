package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Row;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every rental of the account, page by page: all of it or nothing.
record InstanceList(Calls calls, Starts starts) {
  private static final int PAGE_ROWS = 25;

  /// 10,000 rentals: a token that never ends is an answer that makes no sense.
  private static final int MAX_PAGES = 400;

  private static final String WHAT = "list instances";

  List<Row> rows() throws ProviderException {
    return rows(raw());
  }

  List<Row> rows(List<JsonNode> raw) throws ProviderException {
    Map<InstanceId, Row> rows = new LinkedHashMap<>();
    for (JsonNode instance : raw) {
      Row row = row(instance);
      rows.put(row.instance(), row);
    }
    return List.copyOf(rows.values());
  }

  /// The platform's rows, in its order; one that came on two pages is there twice.
  List<JsonNode> raw() throws ProviderException {
    List<JsonNode> rows = new java.util.ArrayList<>();
    String token = "";
    for (int page = 0; page < MAX_PAGES; page++) {
      JsonNode answer = calls.ask(call(token));
      if (!answer.path("instances").isArray()) {
        throw calls.nonsense(WHAT, "the answer has no list of instances");
      }
      answer.path("instances").forEach(rows::add);
      String next = Fields.text(answer, "next_token");
      if (next.isEmpty()) {
        return rows;
      }
      if (next.equals(token)) {
        throw calls.nonsense(WHAT, "the same page token came twice");
      }
      token = next;
    }
    throw calls.nonsense(WHAT, "the list has more than %d pages".formatted(MAX_PAGES));
  }

  Row row(JsonNode instance) throws ProviderException {
    Optional<Long> id = Fields.positive(instance, "id");
    if (id.isEmpty()) {
      throw calls.nonsense(WHAT, "a row has no number");
    }
    InstanceId rental = new InstanceId(id.get());
    return Rentals.row(rental, instance, starts.recent(rental));
  }

  /// One page; an empty token for the first.
  static Call call(String token) {
    Map<String, String> query = new HashMap<>();
    query.put("select_filters", "{}");
    query.put("order_by", "[{\"col\":\"id\",\"dir\":\"asc\"}]");
    query.put("limit", Integer.toString(PAGE_ROWS));
    if (!token.isEmpty()) {
      query.put("after_token", token);
    }
    return Call.get(Endpoint.LIST, WHAT, "api/v1/instances/", query);
  }
}
