package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/// A market of three offers in memory, in the platform's words and with its habits: filters are
/// ignored, missing rentals are 404 like bad keys, and a list shows a change one listing late.
final class FakeMarket extends Dispatcher {
  private static final Pattern INSTANCE = Pattern.compile("/api/v0/instances/([0-9]+)/");
  private static final Pattern BID = Pattern.compile("/api/v0/instances/bid_price/([0-9]+)/");
  private static final Pattern ASK = Pattern.compile("/api/v0/asks/([0-9]+)/");
  private static final String DONE = "{\"success\":true}";
  private static final String NO_INSTANCE =
      "{\"success\":false,\"error\":\"no_such_instance\",\"msg\":\"no such instance\"}";

  private final Secret key;
  private final SortedMap<Long, ObjectNode> offers = new TreeMap<>();
  private final SortedMap<Long, ObjectNode> rentals = new TreeMap<>();
  private final List<String> keys = new ArrayList<>();
  private long nextRental = 7001;

  FakeMarket(Secret key) {
    this.key = key;
    offer(11, 0.60, 0.30, 1);
    offer(12, 0.40, 0.35, 1);
    offer(13, 1.10, 0.50, 2);
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    if (!("Bearer " + key.reveal()).equals(request.getHeaders().get("Authorization"))) {
      return answer(
          404, "{\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"}");
    }
    String path = request.getUrl().encodedPath();
    return switch (path) {
      case "/api/v0/bundles/" -> answer(200, list("offers", offers.values()));
      case "/api/v1/instances/" -> listRentals();
      case "/api/v0/users/current" -> answer(200, "{\"credit\":12.5}");
      case "/api/v0/ssh/" -> sshKeys(request);
      case "/api/v0/commands/rsync/" ->
          answer(200, "{\"success\":true,\"src_addr\":\"127.0.0.1\",\"src_port\":2222}");
      default -> numbered(request, path);
    };
  }

  private MockResponse numbered(RecordedRequest request, String path) {
    Matcher ask = ASK.matcher(path);
    Matcher bid = BID.matcher(path);
    Matcher instance = INSTANCE.matcher(path);
    if (ask.matches()) {
      return create(Long.parseLong(ask.group(1)), body(request));
    }
    if (bid.matches()) {
      return rentals.containsKey(Long.parseLong(bid.group(1)))
          ? answer(200, DONE)
          : answer(404, NO_INSTANCE);
    }
    if (instance.matches()) {
      return change(request, Long.parseLong(instance.group(1)));
    }
    return answer(404, "<html>not found</html>");
  }

  private MockResponse create(long id, JsonNode body) {
    ObjectNode offer = offers.remove(id);
    if (offer == null) {
      return answer(
          400,
          "{\"success\":false,\"error\":\"invalid_args\",\"msg\":\"error 404/3603: no_such_ask\"}");
    }
    ObjectNode rental = offer.deepCopy();
    rental.put("id", nextRental).set("label", body.path("label"));
    rental.put("is_bid", body.path("price").isNumber());
    rental.putNull("actual_status").put("intended_status", "running").put("cur_state", "running");
    rentals.put(nextRental, rental);
    return answer(200, "{\"success\":true,\"new_contract\":" + nextRental++ + "}");
  }

  private MockResponse change(RecordedRequest request, long id) {
    ObjectNode rental = rentals.get(id);
    if (rental == null) {
      return answer(404, NO_INSTANCE);
    }
    if ("DELETE".equals(request.getMethod())) {
      rentals.remove(id);
    } else {
      String state = body(request).path("state").asText();
      rental.put("intended_status", state).put("cur_state", state);
    }
    return answer(200, DONE);
  }

  private MockResponse listRentals() {
    String rows = list("instances", rentals.values());
    for (ObjectNode rental : rentals.values()) {
      boolean run = rental.path("intended_status").asText().equals("running");
      rental.put("actual_status", run ? "running" : "exited");
    }
    return answer(200, rows);
  }

  private MockResponse sshKeys(RecordedRequest request) {
    if ("POST".equals(request.getMethod())) {
      String text = body(request).path("ssh_key").asText();
      boolean twice = keys.contains(text);
      keys.add(text);
      return twice ? answer(400, "{\"success\":false,\"msg\":\"twice\"}") : answer(200, DONE);
    }
    ArrayNode array = Wire.JSON.createArrayNode();
    keys.forEach(text -> array.addObject().put("key", text));
    return array.isEmpty()
        ? answer(404, "{\"success\":false,\"msg\":\"none\"}")
        : answer(200, array.toString());
  }

  private void offer(long id, double price, double minBid, int gpus) {
    ObjectNode offer = Wire.JSON.createObjectNode();
    offer.put("id", id).put("machine_id", 100 + id).put("gpu_name", "RTX 4090");
    offer.put("num_gpus", gpus).put("dph_total", price).put("min_bid", minBid);
    offer.put("disk_space", 500.0).put("storage_cost", 0.2).put("reliability2", 0.99);
    offer.put("verification", "verified").put("rentable", true).put("external", false);
    offers.put(id, offer);
  }

  private static String list(String name, Iterable<ObjectNode> rows) {
    ObjectNode answer = Wire.JSON.createObjectNode().put("success", true);
    ArrayNode list = answer.putArray(name);
    rows.forEach(row -> list.add(row.deepCopy()));
    return answer.putNull("next_token").toString();
  }

  private static JsonNode body(RecordedRequest request) {
    try {
      return Platform.body(request);
    } catch (IOException e) {
      throw new IllegalStateException("The request's body is no JSON: " + request, e);
    }
  }

  private static MockResponse answer(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }
}
