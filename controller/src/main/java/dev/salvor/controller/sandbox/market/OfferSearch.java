package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Answers a search for offers: flat filters mixed with control keys, as the platform takes them.
final class OfferSearch {
  /// The platform answers no more than so many unless asked to.
  private static final int DEFAULT_LIMIT = 64;

  private static final double DEFAULT_STORAGE = 8;

  private static final Set<String> CONTROLS =
      Set.of("order", "type", "limit", "allocated_storage", "disable_bundling");

  private final Books books;
  private final Auction auction;

  OfferSearch(Books books, Auction auction) {
    this.books = books;
    this.auction = auction;
  }

  ObjectNode search(JsonNode query, long nowMs) throws Refusal {
    boolean bid = isBid(query.path("type").asText("on-demand"));
    double storage = query.path("allocated_storage").asDouble(DEFAULT_STORAGE);
    boolean withOurs = query.path("rented").path("eq").asBoolean(false);
    var rows = new ArrayList<ObjectNode>();
    for (Machine machine : books.machines.values()) {
      Condition now = books.condition(machine.id());
      for (Lot lot : now.isOffline(nowMs) ? List.<Lot>of() : listed(machine, withOurs, nowMs)) {
        double least = auction.minBid(lot, 0, nowMs);
        ObjectNode row = OfferRow.of(lot, now, new OfferRow.Quote(bid, storage, least, nowMs));
        row.put("rented", auction.ours(lot));
        if (passes(row, query, CONTROLS)) {
          rows.add(row);
        }
      }
    }
    rows.sort(order(query.path("order")));
    int limit = query.path("limit").asInt(DEFAULT_LIMIT);
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.putArray("offers").addAll(rows.subList(0, Math.clamp(limit, 0, rows.size())));
    return answer;
  }

  /// Of the lots of one size the first that is open stands for all; rather one that the account has
  /// not.
  private List<Lot> listed(Machine machine, boolean withOurs, long nowMs) {
    var bySize = new TreeMap<Integer, Lot>();
    for (Lot lot : Lot.of(machine)) {
      boolean ours = auction.ours(lot);
      if (auction.open(lot, nowMs) && (withOurs || !ours)) {
        bySize.merge(
            lot.slot().gpus(), lot, (known, next) -> auction.ours(known) && !ours ? next : known);
      }
    }
    return List.copyOf(bySize.descendingMap().values());
  }

  private static boolean isBid(String type) throws Refusal {
    return switch (type) {
      case "on-demand", "ondemand", "reserved" -> false;
      case "bid", "interruptible" -> true;
      default -> throw Refusal.invalid("error 400/3104: unknown type " + type);
    };
  }

  /// Whether a row passes every filter of a query; `controls` are keys of it that are none.
  static boolean passes(ObjectNode row, JsonNode query, Set<String> controls) throws Refusal {
    for (var filter : query.properties()) {
      if (!controls.contains(filter.getKey()) && !passes(row, filter.getKey(), filter.getValue())) {
        return false;
      }
    }
    return true;
  }

  /// A field no row has is passed over silently, as reported of the platform.
  private static boolean passes(ObjectNode row, String field, JsonNode wanted) throws Refusal {
    for (var operator : wanted.properties()) {
      if (!Filter.known(operator.getKey())) {
        throw Refusal.invalid("unknown operator " + operator.getKey() + " for " + field);
      }
    }
    return switch (field) {
      // Observed: matches nothing; clients ask for ask_contract_id.
      case "id" -> false;
      case "verified" ->
          Filter.passes(
              BooleanNode.valueOf(row.path("verification").asText().equals("verified")), wanted);
      case "rented" -> wanted.path("eq").asBoolean(false) || Filter.passes(row.path(field), wanted);
      case "geolocation" -> Filter.passes(place(row, wanted), wanted);
      default -> !row.has(field) || Filter.passes(row.path(field), wanted);
    };
  }

  /// Places are matched by their two letters where the filter names such.
  private static JsonNode place(ObjectNode row, JsonNode wanted) {
    for (JsonNode value : wanted) {
      for (JsonNode one : value.isArray() ? value : List.of(value)) {
        if (one.asText().length() == 2) {
          return row.path("country_code");
        }
      }
    }
    return row.path("geolocation");
  }

  private static Comparator<ObjectNode> order(JsonNode order) {
    Comparator<ObjectNode> all = null;
    for (JsonNode pair : order) {
      String field = pair.path(0).asText();
      Comparator<ObjectNode> one = (a, b) -> Filter.compare(a.path(field), b.path(field));
      one = pair.path(1).asText("asc").equals("desc") ? one.reversed() : one;
      all = all == null ? one : all.thenComparing(one);
    }
    Comparator<ObjectNode> byScore =
        Comparator.comparingDouble(row -> -row.path("score").asDouble());
    return all == null ? byScore : all;
  }
}
