package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.market.Refusal;
import java.util.List;
import java.util.Map;

/// One request, taken apart: `/api/v0/instances/7/` is version 0 and the path `instances 7`.
record Call(
    String method,
    int version,
    List<String> path,
    Map<String, String> query,
    JsonNode body,
    Caller caller) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// Who asks.
  sealed interface Caller {
    /// The user, by the account's key.
    record Account() implements Caller {}

    /// A box, by its own key, which is good for that box only.
    record Box(long id) implements Caller {}

    /// Nobody known.
    record Nobody() implements Caller {}
  }

  /// The number in this place of the path.
  long id(int place) throws Refusal {
    try {
      return Long.parseLong(path.get(place));
    } catch (NumberFormatException e) {
      throw new Refusal(404, "invalid_id", "Not a number: " + path.get(place));
    }
  }

  /// A JSON document in the query string.
  JsonNode json(String name, String otherwise) throws Refusal {
    return parse(query.getOrDefault(name, otherwise));
  }

  String text(String name) {
    return body.path(name).isTextual() ? body.path(name).asText() : "";
  }

  static JsonNode parse(String text) throws Refusal {
    if (text.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Refusal(400, "invalid_args", "error 400: not JSON: " + e.getOriginalMessage());
    }
  }
}
