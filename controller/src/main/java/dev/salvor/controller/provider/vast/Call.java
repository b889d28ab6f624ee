package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/// One request as data.
///
/// @param what for people, after "Cannot": "stop instance 4711"
/// @param path from "api" on, with the trailing slash that the platform's own client sends
/// @param body missing on GET
record Call(
    Endpoint endpoint,
    String what,
    String method,
    String path,
    Map<String, String> query,
    JsonNode body) {

  Call {
    query = Map.copyOf(query);
  }

  static Call get(Endpoint endpoint, String what, String path, Map<String, String> query) {
    return new Call(endpoint, what, "GET", path, query, MissingNode.getInstance());
  }

  Call asking(Map<String, String> more) {
    return new Call(endpoint, what, method, path, more, body);
  }

  static Call put(Endpoint endpoint, String what, String path, JsonNode body) {
    return new Call(endpoint, what, "PUT", path, Map.of(), body);
  }

  static Call post(Endpoint endpoint, String what, String path, JsonNode body) {
    return new Call(endpoint, what, "POST", path, Map.of(), body);
  }

  static Call delete(Endpoint endpoint, String what, String path, JsonNode body) {
    return new Call(endpoint, what, "DELETE", path, Map.of(), body);
  }
}
