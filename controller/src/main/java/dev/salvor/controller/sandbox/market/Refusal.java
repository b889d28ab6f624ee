package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// An answer that says no, in the platform's words: a status, a code and a message.
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ObjectNode body;

  public Refusal(int status, String code, String message) {
    super(code + ": " + message);
    this.status = status;
    this.body = JsonNodeFactory.instance.objectNode();
    body.put("success", false).put("error", code).put("msg", message);
  }

  /// The same with one more field in the body.
  Refusal with(String name, Object value) {
    body.putPOJO(name, value);
    return this;
  }

  static Refusal invalid(String message) {
    return new Refusal(400, "invalid_args", message);
  }

  static Refusal noInstance(long id) {
    return new Refusal(404, "no_such_instance", "Instance " + id + " not found.");
  }

  public int status() {
    return status;
  }

  public ObjectNode body() {
    return body;
  }
}
