package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.InstanceQuery;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// The list of instances, and what may be done to one.
record InstanceCalls(Market market) {
  /// As many as one request may name.
  private static final int MAX_IDS = 64;

  Answer oldList(Call call) {
    String message = "This endpoint is gone. Use GET /api/v1/instances/ instead.";
    return Answer.json(410, new Refusal(410, "deprecated_endpoint", message).body());
  }

  Answer list(Call call) throws Refusal {
    return Answer.ok(
        market.list(
            new InstanceQuery(
                call.json("select_filters", "{}"),
                call.json("order_by", "[]"),
                call.json("select_cols", "[]"),
                call.json("limit", Integer.toString(InstanceQuery.MAX_LIMIT)).asInt(),
                call.query().getOrDefault("after_token", ""))));
  }

  Answer filters(Call call) {
    return Answer.ok(market.filters());
  }

  Answer show(Call call) throws Refusal {
    return Answer.ok(market.show(call.id(1)));
  }

  Answer set(Call call) throws Refusal, BoxException {
    long id = call.id(1);
    if (call.body().has("state")) {
      return Answer.ok(market.setState(id, call.text("state")));
    }
    if (call.body().path("label").isTextual() && call.caller() instanceof Call.Caller.Account) {
      return Answer.ok(market.label(id, call.text("label")));
    }
    throw new Refusal(400, "invalid_args", "error 400/3200: neither state nor label given");
  }

  Answer setMany(Call call) throws Refusal, BoxException {
    for (JsonNode id : ids(call, "ids")) {
      market.setState(id.asLong(), call.text("state"));
    }
    return Answer.ok(yes());
  }

  Answer reboot(Call call) throws Refusal, BoxException {
    return Answer.ok(market.reboot(call.id(2)));
  }

  Answer recycle(Call call) throws Refusal, BoxException {
    return Answer.ok(market.recycle(call.id(2)));
  }

  Answer update(Call call) throws Refusal {
    return Answer.ok(market.update(call.id(2), call.body()));
  }

  /// There is no registry to push to.
  Answer snapshot(Call call) throws Refusal {
    if (!market.exists(call.id(2)) || call.body().has("id")) {
      throw new Refusal(400, "invalid_args", "error 400: id must not be in the body");
    }
    throw new Refusal(400, "invalid_args", "Snapshots are not offered here.");
  }

  Answer bid(Call call) throws Refusal {
    return Answer.ok(market.bid(call.id(2), call.body().path("price")));
  }

  Answer destroy(Call call) throws Refusal, BoxException {
    return Answer.ok(market.destroy(call.id(1)));
  }

  Answer destroyMany(Call call) throws Refusal, BoxException {
    for (JsonNode id : ids(call, "instance_ids")) {
      market.destroy(id.asLong());
    }
    return Answer.ok(yes());
  }

  private static JsonNode ids(Call call, String name) throws Refusal {
    JsonNode ids = call.body().path(name);
    if (!ids.isArray() || ids.isEmpty() || ids.size() > MAX_IDS) {
      throw new Refusal(400, "invalid_args", name + " must be a list of 1 to " + MAX_IDS);
    }
    return ids;
  }

  private static ObjectNode yes() {
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }
}
