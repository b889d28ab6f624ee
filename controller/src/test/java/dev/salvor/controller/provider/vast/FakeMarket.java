package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/// A market of four offers in memory, in recorded shapes of the platform's and with its habits:
/// filters are ignored, missing rentals are 404 like bad keys, and a list shows a change one
/// listing late.
final class FakeMarket extends Dispatcher {
  private static final Pattern INSTANCE = Pattern.compile("/api/v0/instances/([0-9]+)/");
  private static final Pattern BID = Pattern.compile("/api/v0/instances/bid_price/([0-9]+)/");
  private static final Pattern ASK = Pattern.compile("/api/v0/asks/([0-9]+)/");
  static final String DONE = "{\"success\":true}";
  static final String NO_INSTANCE =
      "{\"success\":false,\"error\":\"no_such_instance\",\"msg\":\"no such instance\"}";

  private final Secret key;
  private final SortedMap<Long, ObjectNode> offers = new TreeMap<>();
  private final SortedMap<Long, ObjectNode> rentals = new TreeMap<>();
  private final FakeCounter counter = new FakeCounter();
  private long nextRental = 7001;

  FakeMarket(Secret key) {
    this.key = key;
    offer(11, 0.60, 0.30, 1);
    offer(12, 0.40, 0.35, 1);
    offer(13, 1.10, 0.50, 2);
    offer(14, 0.70, 0.36, 1);
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    String place = request.getUrl().encodedPath();
    if (place.startsWith("/results/")) {
      return FakeCounter.result(place);
    }
    if (!("Bearer " + key.reveal()).equals(request.getHeaders().get("Authorization"))) {
      return answer(
          404, "{\"success\":false,\"error\":\"auth_error\",\"msg\":\"Invalid user key\"}");
    }
    String path = place;
    return switch (path) {
      case "/api/v0/bundles/" -> answer(200, list("offers", offers.values()));
      case "/api/v1/instances/" -> listRentals();
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
      return rentals.containsKey(Long.parseLong(bid.group(1))) && body(request).has("price")
          ? answer(200, DONE)
          : answer(404, NO_INSTANCE);
    }
    if (instance.matches()) {
      return change(request, Long.parseLong(instance.group(1)));
    }
    return counter.dispatch(request, rentals.keySet());
  }

  private MockResponse create(long id, JsonNode body) {
    ObjectNode offer = offers.remove(id);
    if (offer == null) {
      return answer(
          400,
          "{\"success\":false,\"error\":\"invalid_args\",\"msg\":\"error 404/3603: no_such_ask\"}");
    }
    ObjectNode rental = RecordedRows.rental(offer);
    rental.put("id", nextRental).set("label", body.path("label"));
    rental.put("is_bid", body.path("price").isNumber());
    String state = body.path("target_state").asText("running");
    rental.put("intended_status", state).put("cur_state", state);
    rentals.put(nextRental, rental);
    return answer(200, "{\"success\":true,\"new_contract\":" + nextRental++ + "}");
  }

  private MockResponse change(RecordedRequest request, long id) {
    ObjectNode rental = rentals.get(id);
    if ("GET".equals(request.getMethod())) {
      return show(rental);
    }
    if (rental == null) {
      return answer(404, NO_INSTANCE);
    }
    if ("DELETE".equals(request.getMethod())) {
      rentals.remove(id);
    } else if (body(request).has("label")) {
      rental.set("label", body(request).path("label"));
    } else {
      String state = body(request).path("state").asText();
      rental.put("intended_status", state).put("cur_state", state);
    }
    return answer(200, DONE);
  }

  /// One that is gone is null with 200.
  private static MockResponse show(@Nullable ObjectNode rental) {
    ObjectNode answer = Wire.JSON.createObjectNode();
    answer.set("instances", rental == null ? null : rental.deepCopy());
    if (rental != null) {
      report(rental);
    }
    return answer(200, answer.toString());
  }

  private static void report(ObjectNode rental) {
    boolean run = rental.path("intended_status").asText().equals("running");
    rental.put("actual_status", run ? "running" : "exited");
    rental.set("ports", run ? RecordedRows.read(RecordedRows.PORTS) : null);
  }

  private MockResponse listRentals() {
    String rows = list("instances", rentals.values());
    rentals.values().forEach(FakeMarket::report);
    return answer(200, rows);
  }

  private void offer(long id, double price, double minBid, int gpus) {
    ObjectNode offer = RecordedRows.offer();
    offer.put("id", id).put("ask_contract_id", id).put("machine_id", 100 + id);
    offer.put("num_gpus", gpus).put("dph_total", price).put("min_bid", minBid);
    offer.put("reliability2", 0.9 + id / 1000.0).put("reliability", 0.9 + id / 1000.0);
    offers.put(id, offer);
  }

  static String list(String name, Iterable<ObjectNode> rows) {
    ObjectNode answer = Wire.JSON.createObjectNode().put("success", true);
    ArrayNode list = answer.putArray(name);
    rows.forEach(row -> list.add(row.deepCopy()));
    return answer.putNull("next_token").toString();
  }

  static JsonNode body(RecordedRequest request) {
    try {
      return Platform.body(request);
    } catch (IOException e) {
      throw new IllegalStateException("The request's body is no JSON: " + request, e);
    }
  }

  static MockResponse answer(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }
}
