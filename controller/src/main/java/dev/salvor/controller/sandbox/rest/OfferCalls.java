package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// Searching for offers and renting one.
record OfferCalls(Market market) {
  /// As many as one request may name.
  private static final int MAX_IDS = 64;

  Answer search(Call call) throws Refusal {
    return Answer.ok(market.search(call.body()));
  }

  Answer searchNested(Call call) throws Refusal {
    return Answer.ok(market.search(call.body().path("q")));
  }

  Answer create(Call call) throws Refusal, BoxException {
    var made = market.create(call.id(1), call.body());
    return market.losesCreate()
        ? Answer.text(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>")
        : Answer.ok(made);
  }

  /// Several at once; what fails is left out, as the platform's own client never looks.
  Answer createMany(Call call) throws Refusal, BoxException {
    JsonNode ids = call.body().path("ids");
    if (!ids.isArray() || ids.isEmpty() || ids.size() > MAX_IDS) {
      throw new Refusal(400, "invalid_args", "ids must be a list of 1 to " + MAX_IDS);
    }
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    var made = answer.putArray("new_contracts");
    for (JsonNode id : ids) {
      made.add(market.create(id.asLong(), call.body()).path("new_contract").asLong());
    }
    return Answer.ok(answer);
  }

  /// Searches and takes the first.
  Answer launch(Call call) throws Refusal, BoxException {
    JsonNode first = market.search(call.body().path("q")).path("offers").path(0);
    if (first.isMissingNode()) {
      throw new Refusal(404, "no_such_ask", "error 404/3603: no_such_ask No offer fits.");
    }
    return Answer.ok(market.create(first.path("id").asLong(), call.body()));
  }

  Answer gpuNames(Call call) {
    var answer = JsonNodeFactory.instance.objectNode();
    market.gpuNames().forEach(answer.putArray("gpu_names")::add);
    return Answer.ok(answer);
  }
}
