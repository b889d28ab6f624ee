package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;

/// The account: its credit, its bills, its variables, and lists of what it has none of here.
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

  Answer charges(Call call) throws Refusal {
    return Answer.ok(market.purse().charges(call.json("select_filters", "{}")));
  }

  Answer invoices(Call call) {
    ObjectNode answer = empty("results").put("count", 0).put("total", 0);
    return Answer.ok(answer.putNull("next_token"));
  }

  Answer oldInvoices(Call call) {
    ObjectNode answer = empty("invoices");
    answer.putObject("current").put("charges", 0.0).put("service_fee", 0.0).put("total", 0.0);
    return Answer.ok(answer);
  }

  Answer deposit(Call call) throws Refusal {
    if (!market.exists(call.id(2))) {
      throw new Refusal(404, "no_such_instance", "Instance " + call.id(2) + " not found.");
    }
    ObjectNode answer = yes().put("refundable_deposit", 0.0).put("total_discount", 0.0);
    return Answer.ok(answer.put("discount_months", 0));
  }

  /// Adding months in advance needs credit by the hundred, which no account here has.
  Answer prepay(Call call) throws Refusal {
    if (!market.exists(call.id(2))) {
      throw new Refusal(404, "no_such_instance", "Instance " + call.id(2) + " not found.");
    }
    throw new Refusal(411, "insufficient_credit", "Your account lacks credit.");
  }

  Answer addresses(Call call) {
    return Answer.ok(empty("results"));
  }

  Answer secrets(Call call) {
    return Answer.ok(market.purse().secrets());
  }

  Answer addSecret(Call call) throws Refusal {
    return Answer.ok(market.purse().setSecret(call.text("key"), call.text("value"), true));
  }

  Answer changeSecret(Call call) throws Refusal {
    return Answer.ok(market.purse().setSecret(call.text("key"), call.text("value"), false));
  }

  Answer deleteSecret(Call call) throws Refusal {
    return Answer.ok(market.purse().deleteSecret(call.text("key")));
  }

  Answer audit(Call call) {
    return Answer.ok(JsonNodeFactory.instance.arrayNode());
  }

  Answer clouds(Call call) {
    return Answer.ok(JsonNodeFactory.instance.arrayNode());
  }

  Answer templates(Call call) {
    return Answer.ok(empty("templates"));
  }

  Answer apiKeys(Call call) {
    return Answer.ok(empty("apikeys"));
  }

  Answer reports(Call call) {
    return Answer.ok(JsonNodeFactory.instance.arrayNode());
  }

  Answer priceIncreases(Call call) {
    return Answer.ok(empty("pending_price_increases"));
  }

  Answer noPriceIncrease(Call call) {
    String code = "no_pending_price_increase";
    return Answer.json(404, new Refusal(404, code, "No such pending price increase.").body());
  }

  private static ObjectNode empty(String list) {
    ObjectNode answer = yes();
    answer.putArray(list);
    return answer;
  }

  private static ObjectNode yes() {
    return JsonNodeFactory.instance.objectNode().put("success", true);
  }
}
