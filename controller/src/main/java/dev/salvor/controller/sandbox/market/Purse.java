package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;

/// The account's money and its variables: charges by day, and what each new container gets.
public final class Purse {
  private static final int MAX_SECRETS = 100;
  private static final int SECONDS_A_DAY = 86_400;

  private final Market market;
  private final Floor floor;
  private final Books books;

  Purse(Market market, Floor floor) {
    this.market = market;
    this.floor = floor;
    this.books = floor.books();
  }

  /// Both ends of the days are required, as seconds.
  public ObjectNode charges(JsonNode filters) throws Refusal {
    JsonNode from = filters.path("day").path("gte");
    JsonNode to = filters.path("day").path("lte");
    if (!from.isNumber() || !to.isNumber()) {
      throw new Refusal(400, "invalid_request", "select_filters.day needs gte and lte.");
    }
    synchronized (market) {
      Meter.charge(books, market.now());
      var answer = Rentals.yes();
      var rows = answer.putArray("results");
      for (Ledger.Line line : books.ledger.lines()) {
        long start = seconds(line.day());
        if (start + SECONDS_A_DAY > from.asLong() && start <= to.asLong()) {
          rows.add(row(line, start));
        }
      }
      answer.put("count", rows.size()).put("total", rows.size());
      return answer.putNull("next_token");
    }
  }

  private static ObjectNode row(Ledger.Line line, long start) {
    var row = JsonNodeFactory.instance.objectNode();
    row.put("start", start).put("end", start + SECONDS_A_DAY).put("type", line.type());
    row.put("source", line.source()).put("description", line.type() + " of " + line.source());
    row.put("amount", line.amount()).putObject("metadata");
    row.putArray("items");
    return row;
  }

  private static long seconds(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  public ObjectNode secrets() {
    synchronized (market) {
      var answer = Rentals.yes();
      var all = answer.putObject("secrets");
      books.secrets.keySet().forEach(key -> all.put(key, "*****"));
      return answer;
    }
  }

  /// Makes or changes one; making one that is there, or changing one that is not, is an error.
  public ObjectNode setSecret(String key, String value, boolean fresh) throws Refusal {
    synchronized (market) {
      if (key.isEmpty() || value.isEmpty()) {
        throw new Refusal(400, "missing_input", "key and value are required");
      }
      if (fresh && books.secrets.containsKey(key)) {
        throw new Refusal(400, "existing_key", "There is a variable " + key + " already.");
      }
      if (books.secrets.size() >= MAX_SECRETS) {
        throw new Refusal(400, "max_secrets", "At most " + MAX_SECRETS + " variables.");
      }
      books.secrets.put(key, value);
      floor.note(market.now(), "secret", 0, MarketLog.detail().put("key", key));
      market.settle();
      return Rentals.yes();
    }
  }

  public ObjectNode deleteSecret(String key) throws Refusal {
    synchronized (market) {
      if (!books.secrets.keySet().removeAll(Set.of(key))) {
        throw new Refusal(400, "missing_input", "No variable " + key + ".");
      }
      market.settle();
      return Rentals.yes();
    }
  }
}
