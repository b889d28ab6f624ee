package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.AllIn;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Use;
import dev.salvor.controller.provider.vast.Condition.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Turns a search into the platform's filter and its offers into ours.
final class Offers {
  /// The platform cuts at 64 unless told, by its price without the traffic: we cut by the whole.
  private static final int LIMIT = 1000;

  /// So many are choice enough; all of them go into the journal.
  private static final int KEPT = 128;

  private static final double MICROS = 1e6;

  private Offers() {}

  static ObjectNode body(Query query, RunSpec.Market market) {
    ObjectNode body = query.filters();
    String price = market.interruptible() ? "min_bid" : "dph_total";
    ObjectNode disk = body.withObject("/disk_space");
    if (disk.path(Op.GTE.wire()).asDouble() < market.diskGb()) {
      disk.set(Op.GTE.wire(), DoubleNode.valueOf(market.diskGb()));
    }
    body.withArray("/order").addArray().add(price).add("asc");
    body.put("type", market.interruptible() ? "bid" : "on-demand");
    body.put("limit", LIMIT);
    body.put("allocated_storage", (double) market.diskGb());
    return body;
  }

  /// Those that fit the query, the disk and the cap by our own check, cheapest first by all that an
  /// hour there comes to.
  static List<Offer> read(JsonNode rows, Query query, RunSpec.Market market) {
    Condition disk = new Condition("disk_space", Op.GTE, DoubleNode.valueOf(market.diskGb()));
    List<Offer> offers = new ArrayList<>();
    for (JsonNode row : rows) {
      if (query.fits(row) && disk.holds(row)) {
        offer(row, market.diskGb(), market.interruptible()).ifPresent(offers::add);
      }
    }
    offers.removeIf(offer -> price(offer, market).compareTo(market.cap()) > 0);
    Use use = Use.of(market.sizes(), Duration.ZERO, Use.TIME, 0);
    offers.sort(
        Comparator.comparing((Offer offer) ->
                AllIn.of(offer, price(offer, market), market.interruptible(), use).hour())
            .thenComparingLong(Offer::id));
    return offers.stream().limit(KEPT).toList();
  }

  /// The same offers with what their machines cost on demand, where those rows name it.
  static List<Offer> pricedBy(JsonNode onDemand, List<Offer> offers) {
    Map<Long, UsdPerHour> prices = new HashMap<>();
    for (JsonNode row : onDemand) {
      Fields.positive(row, "id")
          .ifPresent(id ->
              Fields.dollars(row, "dph_total").ifPresent(p -> prices.put(id, UsdPerHour.of(p))));
    }
    return offers.stream().map(o -> priced(o, prices.getOrDefault(o.id(), o.price()))).toList();
  }

  private static Offer priced(Offer o, UsdPerHour price) {
    return new Offer(
        o.id(),
        o.machine(),
        o.gpu(),
        o.gpus(),
        price,
        o.minBid(),
        o.storage(),
        o.uploadPerGb(),
        o.downloadPerGb(),
        o.reliability(),
        o.place(),
        o.contract());
  }

  private static UsdPerHour price(Offer offer, RunSpec.Market market) {
    return market.interruptible() ? offer.minBid() : offer.price();
  }

  /// Empty for a row that lacks what renting needs: its number or its price.
  static Optional<Offer> offer(JsonNode row, int diskGb, boolean interruptible) {
    Optional<Long> id = Fields.positive(row, "id");
    OptionalDouble price = Fields.dollars(row, "dph_total");
    OptionalDouble minBid = Fields.dollars(row, "min_bid");
    if (id.isEmpty() || price.isEmpty() || (interruptible && minBid.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new Offer(
            id.get(),
            new MachineId(Fields.positive(row, "machine_id").orElse(0L)),
            Fields.text(row, "gpu_name"),
            Fields.positive(row, "num_gpus").orElse(1L).intValue(),
            UsdPerHour.of(price.getAsDouble()),
            UsdPerHour.of(minBid.orElse(price.getAsDouble())),
            Rentals.storage(row, diskGb),
            Math.round(Fields.dollars(row, "inet_up_cost").orElse(0) * MICROS),
            Math.round(Fields.dollars(row, "inet_down_cost").orElse(0) * MICROS),
            Fields.number(OfferColumns.read(row, "reliability")).orElse(0),
            Fields.text(row, "geolocation"),
            Duration.ofSeconds(Math.max(0, (long) Fields.number(row, "duration").orElse(0)))));
  }
}
