package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.market.Market;

/// The account and its credit.
record AccountCalls(Market market) {
  private static final long USER = 1001;

  Answer user(Call call) {
    double credit = market.credit();
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", USER).put("key_id", 1).put("username", "sandbox").put("sid", "sandbox");
    answer.put("email", "sandbox@localhost").put("credit", credit).put("balance", 0.0);
    answer.put("ssh_key", market.keys().first().orElse(""));
    return Answer.ok(answer.put("can_pay", true).put("billaddress_country", "SE"));
  }
}
