package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A market with a machine room of paper and a clock that is moved by hand.
final class MarketRig {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final long STEP_MS = 50;

  final FakeHost host;
  final Market market;
  private final Path dir;
  private final Clock clock;

  /// Time that only a test moves.
  private static final class Clock implements InstantSource {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }

  private MarketRig(Path dir, Clock clock, FakeHost host, Rivals rivals) throws Exception {
    this.dir = dir;
    this.clock = clock;
    this.host = host;
    var parts =
        new Market.Parts(
            clock, new BookStore(dir), new MarketLog(dir), new KeyRing(), Pace.USUAL, rivals);
    this.market = Market.open(parts, 7).with(host);
  }

  static MarketRig open(Path dir) throws Exception {
    return open(dir, Rivals.NONE);
  }

  static MarketRig open(Path dir, Rivals rivals) throws Exception {
    return new MarketRig(dir, new Clock(), new FakeHost(), rivals);
  }

  /// Another market on the same books, as after a kill: the boxes run on.
  MarketRig reopened() throws Exception {
    return new MarketRig(dir, clock, host, Rivals.NONE);
  }

  static JsonNode json(String text) throws IOException {
    return JSON.readTree(text.replace('\'', '"'));
  }

  /// Of a whole machine, so that its GPUs are all that there are.
  JsonNode offer(boolean bid) throws Exception {
    String type = bid ? "bid" : "on-demand";
    return market
        .search(
            json(
                "{'type':'"
                    + type
                    + "','limit':1,'gpu_frac':{'eq':1},'order':[['dph_total','asc']]}"))
        .path("offers")
        .path(0);
  }

  /// Rents a machine at a bid of 1.2 times the least.
  long rent() throws Exception {
    JsonNode offer = offer(true);
    double price = offer.path("min_bid").asDouble() * 1.2;
    return market
        .create(offer.path("id").asLong(), json("{'image':'i','disk':10,'price':" + price + "}"))
        .path("new_contract")
        .asLong();
  }

  /// Rents one and brings it up.
  long rentRunning() throws Exception {
    long id = rent();
    pass(Duration.ofSeconds(2));
    return id;
  }

  void fault(String text) throws IOException {
    var problems = new ArrayList<String>();
    market.addFaults(json(text), problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
  }

  /// Lets time go by in turns of the clockwork.
  void pass(Duration time) throws Exception {
    for (long ms = 0; ms < time.toMillis(); ms += STEP_MS) {
      clock.now = clock.now.plusMillis(STEP_MS);
      market.tick();
    }
  }

  /// Lets time go by in one leap.
  void leap(Duration time) throws Exception {
    clock.now = clock.now.plus(time);
    market.tick();
  }

  JsonNode row(long id) {
    return market.show(id).path("instances");
  }

  String status(long id) {
    return row(id).path("actual_status").asText();
  }

  List<String> log() throws IOException {
    return Files.readAllLines(dir.resolve("market.jsonl"));
  }
}
