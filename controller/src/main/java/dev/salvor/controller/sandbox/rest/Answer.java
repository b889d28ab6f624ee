package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.JsonNode;

/// What goes back over HTTP.
record Answer(int status, String type, String body) {
  /// Bare: the platform's own client refuses a charset behind it.
  static final String JSON = "application/json";

  static Answer json(int status, JsonNode node) {
    return new Answer(status, JSON, node.toString());
  }

  static Answer ok(JsonNode node) {
    return json(200, node);
  }

  static Answer text(int status, String type, String text) {
    return new Answer(status, type, text);
  }
}
