package dev.salvor.controller.sandbox.rest;

import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// The ssh keys of the account and of instances.
record KeyCalls(Market market) {
  Answer create(Call call) throws Refusal {
    return Answer.ok(market.keys().create(call.text("ssh_key")));
  }

  Answer list(Call call) throws Refusal {
    return Answer.ok(market.keys().list());
  }

  Answer update(Call call) throws Refusal {
    return Answer.ok(market.keys().update(call.id(1), call.text("ssh_key")));
  }

  Answer delete(Call call) throws Refusal {
    return Answer.ok(market.keys().delete(call.id(1)));
  }

  Answer attach(Call call) throws Refusal {
    return Answer.ok(market.keys().attach(call.id(1), call.text("ssh_key")));
  }

  Answer listOf(Call call) throws Refusal {
    return Answer.ok(market.keys().listOf(call.id(1)));
  }

  Answer detach(Call call) throws Refusal {
    return Answer.ok(market.keys().detach(call.id(1), call.id(3)));
  }
}
