package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import java.util.List;
import java.util.OptionalLong;

/// What reaches into a box: its log, and copies of its disk.
final class BoxCalls {
  private static final int MAX_LOG_BYTES = 1 << 20;
  private static final int DEFAULT_TAIL = 1000;

  private final Market market;
  private final Desk desk;
  private final Results results;

  BoxCalls(Market market, Desk desk, Results results) {
    this.market = market;
    this.desk = desk;
    this.results = results;
  }

  Answer requestLogs(Call call) throws Refusal {
    long id = call.id(2);
    if (!market.exists(id)) {
      throw new Refusal(404, "invalid_id", "Instance " + id + " not found.");
    }
    String filter = call.text("filter");
    boolean daemon = call.text("daemon_logs").equals("true");
    String log = daemon ? market.daemonLog(id) : desk.boxes().log(id, MAX_LOG_BYTES);
    List<String> lines = log.lines().filter(line -> line.contains(filter)).toList();
    int tail = Math.clamp(call.body().path("tail").asInt(DEFAULT_TAIL), 0, lines.size());
    String text = String.join("\n", lines.subList(lines.size() - tail, lines.size())) + "\n";
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("result_url", desk.url() + "/results/" + results.add(text));
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

  /// Between a box and this machine: where its disk can be reached by rsync over ssh.
  Answer copy(Call call) throws Refusal {
    OptionalLong from = instance(call.body().path("src_id"));
    OptionalLong to = instance(call.body().path("dst_id"));
    if (from.isPresent() == to.isPresent()) {
      throw new Refusal(
          400,
          "invalid_args",
          "Only copies between an instance and this machine are offered here.");
    }
    String side = from.isPresent() ? "src" : "dst";
    long id = from.isPresent() ? from.getAsLong() : to.getAsLong();
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
    answer.put(side + "_addr", "127.0.0.1").put(side + "_port", desk.copyPort());
    return Answer.ok(answer.put("msg", "Ready to copy with C." + id + "."));
  }

  Answer copyDirect(Call call) throws Refusal {
    if (call.text("dst_id").equals("local") || call.text("src_id").equals("local")) {
      return copy(local(call));
    }
    throw new Refusal(400, "invalid_args", "Copies between instances are not offered here.");
  }

  Answer cancelCopy(Call call) throws Refusal {
    OptionalLong to = instance(call.body().path("dst_id"));
    if (to.isEmpty() || !market.exists(to.getAsLong())) {
      throw new Refusal(404, "no_such_instance", "Instance not found.");
    }
    return Answer.ok(JsonNodeFactory.instance.objectNode().put("success", true));
  }

  /// The account has no connection to a cloud here.
  Answer cloudCopy(Call call) {
    String message = "No cloud connection " + call.text("selected") + ".";
    return Answer.json(400, new Refusal(400, "invalid_args", message).body());
  }

  /// `local` is this machine, as an empty side is.
  private static Call local(Call call) {
    var body = JsonNodeFactory.instance.objectNode();
    for (String side : List.of("src_id", "dst_id")) {
      boolean here = call.text(side).equals("local");
      body.set(side, here ? null : call.body().path(side));
    }
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
