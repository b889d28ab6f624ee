package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// Searching for offers and renting one.
record OfferCalls(Market market) {
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

  Answer gpuNames(Call call) {
    var answer = JsonNodeFactory.instance.objectNode();
    market.gpuNames().forEach(answer.putArray("gpu_names")::add);
    return Answer.ok(answer);
  }
}
