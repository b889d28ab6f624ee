package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// What reaches into a box: its log, and copies of its disk.
final class BoxCalls {
  private static final int MAX_LOG_BYTES = 1 << 20;
  private static final int DEFAULT_TAIL = 1000;

  /// Old results are forgotten; a client fetches at once.
  private static final int MAX_RESULTS = 64;

  private final Market market;
  private final Desk desk;
  private final Results results = new Results(MAX_RESULTS);

  BoxCalls(Market market, Desk desk) {
    this.market = market;
    this.desk = desk;
  }

  Answer requestLogs(Call call) throws Refusal {
    long id = call.id(2);
    if (!market.exists(id)) {
      throw new Refusal(404, "invalid_id", "Instance " + id + " not found.");
    }
    String filter = call.text("filter");
    List<String> lines =
        desk.boxes().log(id, MAX_LOG_BYTES).lines().filter(line -> line.contains(filter)).toList();
    int tail = Math.clamp(call.body().path("tail").asInt(DEFAULT_TAIL), 0, lines.size());
    String name = UUID.randomUUID().toString();
    results.put(name, String.join("\n", lines.subList(lines.size() - tail, lines.size())) + "\n");
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("result_url", desk.url() + "/results/" + name);
    return Answer.ok(answer.put("msg", "Logs requested."));
  }

  /// Like a file in a bucket: no key needed, and not there at first when the platform is slow.
  Answer result(Call call) {
    if (market.delaysLogs()) {
      return Answer.text(404, "text/plain", "not yet");
    }
    return results
        .get(call.path().get(1))
        .map(text -> Answer.text(200, "text/plain", text))
        .orElseGet(() -> Answer.text(404, "text/plain", "no such result"));
  }

  /// From a box to this machine only: where its disk can be read by rsync over ssh.
  Answer copy(Call call) throws Refusal {
    OptionalLong from = instance(call.body().path("src_id"));
    OptionalLong to = instance(call.body().path("dst_id"));
    if (from.isEmpty() || to.isPresent()) {
      throw new Refusal(
          400,
          "invalid_args",
          "Only copies from an instance to the local machine are offered here.");
    }
    long id = from.getAsLong();
    if (!market.exists(id)) {
      throw new Refusal(404, "no_such_instance", "Instance " + id + " not found.");
    }
    if (!desk.rsync()) {
      throw new Refusal(
          400,
          "invalid_args",
          "Cannot copy: rsync is not installed on the host of instance " + id + ".");
    }
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("src_addr", "127.0.0.1").put("src_port", desk.copyPort());
    return Answer.ok(answer.put("msg", "Ready to copy from C." + id + "."));
  }

  Answer copyDirect(Call call) throws Refusal {
    if (call.text("dst_id").equals("local")) {
      return copy(local(call));
    }
    throw new Refusal(400, "invalid_args", "Copies between instances are not offered here.");
  }

  private static Call local(Call call) {
    var body = JsonNodeFactory.instance.objectNode();
    body.set("src_id", call.body().path("src_id"));
    return new Call(call.method(), call.version(), call.path(), call.query(), body, call.caller());
  }

  /// `7001`, `"7001"` and `"C.7001"` name the same.
  private static OptionalLong instance(JsonNode id) throws Refusal {
    String text = id.isNull() || id.isMissingNode() ? "" : id.asText().replaceFirst("^C\\.", "");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new Refusal(400, "invalid_args", "Not an instance: " + id.asText());
    }
  }
}
