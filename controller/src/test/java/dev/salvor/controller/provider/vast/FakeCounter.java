package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/// The fake market's other counter: keys, logs, copies, volumes and the account, in recorded
/// shapes.
final class FakeCounter {
  private static final Pattern KEYS = Pattern.compile("/api/v0/instances/([0-9]+)/ssh/");
  private static final Pattern KEY = Pattern.compile("/api/v0/instances/([0-9]+)/ssh/([0-9]+)/");
  private static final Pattern MY_KEY = Pattern.compile("/api/v0/ssh/([0-9]+)/");
  private static final Pattern LOGS = Pattern.compile("/api/v0/instances/request_logs/([0-9]+)/");
  private static final String CREATED = "2026-01-01T00:00:00Z";

  private final SortedMap<Long, String> mine = new TreeMap<>();
  private final SortedMap<Long, String> theirs = new TreeMap<>();
  private final SortedMap<Long, ObjectNode> volumes = new TreeMap<>();
  private long next = 300;

  /// Where a log was laid down: no key is asked for.
  static MockResponse result(String path) {
    String text = path.endsWith("empty") ? "\n" : "a line\nhello from the box\n";
    return new MockResponse.Builder().code(200).body(text).build();
  }

  MockResponse dispatch(RecordedRequest request, Set<Long> rentals) {
    String path = request.getUrl().encodedPath();
    return switch (path) {
      case "/api/v0/users/current" ->
          answer(
              200,
              """
              {"id":1001,"key_id":1,"email":"a@b","credit":12.5,"balance":0,"ssh_key":"",
               "api_key":"hush","sid":"hush"}
              """);
      case "/api/v0/charges/" ->
          answer(
              200,
              """
              {"success":true,"count":1,"total":1,"next_token":null,"results":[{"start":1.7e9,
               "end":1.7000864e9,"type":"gpu","source":"instance-7001","description":"x",
               "amount":0.12,"metadata":{},"items":[]}]}
              """);
      case "/api/v0/ssh/" -> accountKeys(request);
      case "/api/v0/commands/rsync/" -> copy(FakeMarket.body(request));
      case "/api/v0/volumes/search/" ->
          answer(200, "{\"offers\":[" + RecordedRows.offer().put("id", 900) + "]}");
      case "/api/v0/volumes", "/api/v0/volumes/" -> volumes(request);
      default -> numbered(request, path, rentals);
    };
  }

  private MockResponse numbered(RecordedRequest request, String path, Set<Long> rentals) {
    Matcher logs = LOGS.matcher(path);
    Matcher keys = KEYS.matcher(path);
    Matcher key = KEY.matcher(path);
    Matcher myKey = MY_KEY.matcher(path);
    if (logs.matches()) {
      return logs(request, rentals.contains(Long.parseLong(logs.group(1))));
    }
    if (keys.matches()) {
      return "POST".equals(request.getMethod()) ? add(theirs, request) : keysOf();
    }
    if (key.matches()) {
      theirs.remove(Long.parseLong(key.group(2)));
      return answer(200, FakeMarket.DONE);
    }
    if (myKey.matches()) {
      return mine.remove(Long.parseLong(myKey.group(1))) == null
          ? answer(400, "{\"success\":false,\"error\":\"no_ssh_key\",\"msg\":\"no such key\"}")
          : answer(200, FakeMarket.DONE);
    }
    return answer(404, "<html>not found</html>");
  }

  /// Errors of this endpoint have no `success`.
  private static MockResponse logs(RecordedRequest request, boolean known) {
    if (!known) {
      return answer(404, "{\"error\":\"invalid_id\",\"msg\":\"no such instance\"}");
    }
    boolean nothing = FakeMarket.body(request).path("filter").asText("").contains("nothing");
    String url = request.getUrl().resolve("/results/" + (nothing ? "empty" : "whole")) + "";
    return answer(200, "{\"success\":true,\"msg\":\"ok\",\"result_url\":\"" + url + "\"}");
  }

  private MockResponse accountKeys(RecordedRequest request) {
    if ("POST".equals(request.getMethod())) {
      return add(mine, request);
    }
    ArrayNode array = rows(mine, "key");
    return array.isEmpty()
        ? answer(404, "{\"success\":false,\"error\":\"not_found\",\"msg\":\"none\"}")
        : answer(200, array.toString());
  }

  private MockResponse add(SortedMap<Long, String> keys, RecordedRequest request) {
    String text = FakeMarket.body(request).path("ssh_key").asText();
    if (keys.containsValue(text)) {
      return answer(400, "{\"success\":false,\"msg\":\"twice\"}");
    }
    keys.put(next, text);
    ObjectNode done = Wire.JSON.createObjectNode().put("success", true);
    done.putObject("key").put("id", next++).put("public_key", text);
    return answer(200, done.toString());
  }

  /// A list that is text within the answer.
  private MockResponse keysOf() {
    String text = rows(theirs, "public_key").toString();
    return answer(
        200, Wire.JSON.createObjectNode().put("success", true).put("ssh_keys", text).toString());
  }

  private static ArrayNode rows(SortedMap<Long, String> keys, String field) {
    ArrayNode array = Wire.JSON.createArrayNode();
    keys.forEach((id, text) ->
        array
            .addObject()
            .put("id", id)
            .put("user_id", 1001)
            .put(field, text)
            .put("created_at", CREATED)
            .putNull("deleted_at"));
    return array;
  }

  private static MockResponse copy(JsonNode body) {
    String side = body.path("src_id").isNull() ? "dst" : "src";
    ObjectNode answer = Wire.JSON.createObjectNode().put("success", true);
    answer.put(side + "_addr", "127.0.0.1").put(side + "_port", 2222);
    return answer(200, answer.toString());
  }

  private MockResponse volumes(RecordedRequest request) {
    return switch (String.valueOf(request.getMethod())) {
      case "PUT" -> newVolume(FakeMarket.body(request));
      case "DELETE" -> {
        String id = request.getUrl().queryParameter("id");
        yield id == null || volumes.remove(Long.parseLong(id)) == null
            ? answer(404, "{\"success\":false,\"error\":\"no_such_volume\",\"msg\":\"gone\"}")
            : answer(200, FakeMarket.DONE);
      }
      default -> answer(200, FakeMarket.list("volumes", volumes.values()));
    };
  }

  private MockResponse newVolume(JsonNode body) {
    ObjectNode volume = RecordedRows.offer();
    volume.put("id", next).put("label", body.path("name").asText()).put("status", "created");
    volume.put("disk_space", body.path("size").asDouble()).put("start_date", 1.7e9);
    volume.putArray("instances");
    volumes.put(next, volume);
    return answer(200, "{\"success\":true,\"volume_name\":\"V." + next++ + "\"}");
  }

  private static MockResponse answer(int status, String body) {
    return FakeMarket.answer(status, body);
  }
}
