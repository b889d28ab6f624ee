package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.provider.OfferBook;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.ProviderException.Kind;
import dev.salvor.controller.provider.vast.Condition.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Offers at vast for people: found, ordered, and when there are none, why.
record VastOffers(Calls calls) implements OfferBook {
  /// Looks for what was in the way among so many, without any filter that was typed.
  private static final int WIDE = 1000;

  private static final double SECONDS_A_DAY = 86_400;
  private static final double MB_A_GB = 1000;

  @Override
  public Found find(Question question) throws ProviderException {
    Query query = Query.parse(question.query()).forImage(question.image());
    Order order = Order.parse(question.order());
    List<String> problems = new ArrayList<>(query.problems());
    problems.addAll(order.problems());
    if (!problems.isEmpty()) {
      throw calls.failed(
          Kind.REFUSED,
          "search offers",
          "the query \"%s\" does not read: %s"
              .formatted(question.query(), String.join("; ", problems)),
          "Correct it; 'salvor offers --fields' lists the names.");
    }
    Condition disk = new Condition("disk_space", Op.GTE, DoubleNode.valueOf(question.diskGb()));
    ObjectNode body = query.filters();
    body.withObject("/disk_space").set(Op.GTE.wire(), DoubleNode.valueOf(question.diskGb()));
    List<JsonNode> rows = ask(body, question, order, question.limit());
    rows.removeIf(row -> !query.fits(row) || !disk.holds(row));
    rows.sort(order.rows());
    List<Listing> listings = new ArrayList<>();
    rows.forEach(row -> listing(row, question).ifPresent(listings::add));
    Optional<Tight> tight = listings.isEmpty() ? tightest(query, disk, question) : Optional.empty();
    return new Found(listings, tight);
  }

  @Override
  public List<Field> fields() {
    return OfferColumns.typedNames().stream()
        .map(name -> new Field(name, OfferColumns.unit(name)))
        .toList();
  }

  private List<JsonNode> ask(ObjectNode filters, Question question, Order order, int limit)
      throws ProviderException {
    ObjectNode body = filters.deepCopy();
    ArrayNode by = order.wire();
    if (by.isEmpty()) {
      by.addArray().add(question.interruptible() ? "min_bid" : "dph_total").add("asc");
    }
    body.set("order", by);
    body.put("type", question.interruptible() ? "bid" : "on-demand");
    body.put("limit", limit).put("allocated_storage", (double) question.diskGb());
    JsonNode rows =
        calls
            .ask(Call.post(Endpoint.SEARCH, "search offers", "api/v0/bundles/", body))
            .path("offers");
    if (!rows.isArray()) {
      throw calls.nonsense("search offers", "the answer has no list of offers");
    }
    List<JsonNode> list = new ArrayList<>();
    rows.forEach(list::add);
    return list;
  }

  /// The one condition whose removal leaves most of all that is for rent.
  private Optional<Tight> tightest(Query query, Condition disk, Question question)
      throws ProviderException {
    List<JsonNode> wide =
        ask(Query.parse("verified=any").filters(), question, Order.parse(""), WIDE);
    List<Condition> all = new ArrayList<>(query.all());
    all.add(disk);
    Optional<Tight> best = Optional.empty();
    for (int i = 0; i < all.size(); i++) {
      Condition one = all.get(i);
      List<Condition> others = new ArrayList<>(all);
      others.remove(i);
      List<JsonNode> left =
          wide.stream()
              .filter(row -> others.stream().allMatch(c -> c.mayHold(row)))
              .filter(row -> !one.mayHold(row))
              .toList();
      if (!left.isEmpty() && best.map(b -> left.size() > b.leaves()).orElse(true)) {
        best = Optional.of(Relaxation.of(one, left));
      }
    }
    return best;
  }

  private static Optional<Listing> listing(JsonNode row, Question question) {
    return Offers.offer(row, question.diskGb(), question.interruptible())
        .map(offer ->
            new Listing(
                offer,
                new Health(
                    Fields.text(row, "verification"),
                    Fields.flag(OfferColumns.read(row, "datacenter")),
                    Fields.text(row, "driver_version")),
                new Graphics(
                    number(row, "gpu_ram") / MB_A_GB,
                    (int) number(row, "compute_cap"),
                    number(row, "cuda_max_good"),
                    number(row, "dlperf")),
                new Network(
                    number(row, "inet_down"),
                    number(row, "inet_up"),
                    (int) number(row, "direct_port_count")),
                number(row, "duration") / SECONDS_A_DAY,
                row.toString()));
  }

  private static double number(JsonNode row, String name) {
    return Fields.number(row, name).orElse(0);
  }
}
