package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// Volumes: room for them, and those there are.
record VolumeCalls(Market market) {
  Answer search(Call call) throws Refusal {
    return Answer.ok(market.volumes().search(call.body()));
  }

  Answer create(Call call) throws Refusal, BoxException {
    return Answer.ok(market.volumes().create(call.body()));
  }

  Answer list(Call call) {
    return Answer.ok(market.volumes().list());
  }

  Answer delete(Call call) throws Refusal, BoxException {
    String id = call.query().getOrDefault("id", "");
    if (!id.matches("\\d{1,18}")) {
      throw new Refusal(400, "invalid_args", "id must be the number of a volume");
    }
    return Answer.ok(market.volumes().delete(Long.parseLong(id)));
  }

  Answer copy(Call call) throws Refusal {
    return Answer.ok(market.volumes().clone(call.body()));
  }
}
