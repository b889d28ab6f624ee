package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;

/// What only a sandbox can be asked: its log, faults on demand, and to close.
record SandboxCalls(Market market, Desk desk) {
  Answer log(Call call) throws Refusal {
    try {
      return new Answer(200, "application/x-ndjson", Files.readString(desk.log()));
    } catch (IOException e) {
      throw new Refusal(500, "server_error", "Cannot read " + desk.log());
    }
  }

  Answer info(Call call) {
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("enclosure", desk.boxes().enclosure()).put("rsync", desk.rsync());
    return Answer.ok(answer.put("copy_port", desk.copyPort()));
  }

  Answer faults(Call call) throws Refusal {
    var problems = new ArrayList<String>();
    int armed = market.addFaults(call.body(), problems);
    if (!problems.isEmpty()) {
      throw new Refusal(400, "invalid_args", String.join("; ", problems));
    }
    return Answer.ok(
        JsonNodeFactory.instance.objectNode().put("success", true).put("armed", armed));
  }

  /// Answers first, then closes.
  Answer shutdown(Call call) {
    boolean wipe = call.query().getOrDefault("wipe", "false").equals("true");
    desk.shutdown().accept(wipe);
    return Answer.ok(JsonNodeFactory.instance.objectNode().put("success", true));
  }
}
