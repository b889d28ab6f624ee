package dev.salvor.controller.main;

import dev.salvor.controller.cli.Account;
import dev.salvor.controller.cli.Account.Question;
import dev.salvor.controller.core.AllIn;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Use;
import dev.salvor.controller.provider.OfferBook;
import dev.salvor.controller.provider.OfferBook.Listing;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.OffersView.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Offers by what they will really cost, and of them as many as were asked for; those of machines
/// that failed us, and those whose contract is too short, come last.
final class OfferTable {
  private static final double BYTES_A_GB = 1e9;
  private static final double SECONDS_AN_HOUR = 3600;

  private OfferTable() {}

  /// The query with the price that may not be passed.
  static String capped(Question question) {
    String price = question.interruptible() ? "min_bid" : "dph_total";
    return question.cap().isEmpty()
        ? question.query()
        : String.format(
            Locale.ROOT, "%s %s<=%s", question.query(), price, question.cap().getAsDouble());
  }

  static OffersView of(OfferBook.Found found, Question question) {
    Map<Long, MachineView> held = new TreeMap<>();
    question.failed().forEach(machine -> held.put(machine.machine(), machine));
    List<Ranked> ranked = new ArrayList<>();
    for (Listing listing : found.listings()) {
      var against = Optional.ofNullable(held.get(listing.offer().machine().value()));
      ranked.add(new Ranked(line(listing, question, against), listing.raw()));
    }
    if (ranked.isEmpty()) {
      return new OffersView(List.of(), "", List.of(), nothing(found, question), "[]");
    }
    if (question.order().isBlank()) {
      ranked.sort(
          Comparator.comparing((Ranked one) -> !one.line().held().isEmpty())
              .thenComparing(one -> tooShort(one.line(), question))
              .thenComparingDouble(one -> one.line().money().allIn())
              .thenComparingLong(one -> one.line().id()));
    }
    List<Ranked> shown = ranked.subList(0, Math.min(ranked.size(), question.limit()));
    List<Line> lines = shown.stream().map(Ranked::line).toList();
    return new OffersView(
        lines,
        new OfferReason(question).first(lines),
        last(lines, question),
        "",
        shown.stream().map(Ranked::raw).collect(Collectors.joining(",", "[", "]")));
  }

  /// One of them, ours and the platform's.
  private record Ranked(Line line, String raw) {}

  static boolean tooShort(Line line, Question question) {
    return line.days() * 24 < question.use().hours();
  }

  private static Line line(Listing listing, Question question, Optional<MachineView> held) {
    Offer offer = listing.offer();
    boolean bid = question.interruptible();
    AllIn price = AllIn.of(offer, bid ? offer.minBid() : offer.price(), bid, use(question.use()));
    return new Line(
        offer.id(),
        offer.machine().value(),
        offer.gpu(),
        offer.gpus(),
        new Line.Money(
            price.hour().dollars(),
            price.running().dollars(),
            offer.storage().dollars(),
            price.traffic().dollars(),
            price.boot().dollars()),
        new Line.Machine(
            listing.graphics().ramGb(),
            offer.reliability(),
            listing.health().verification(),
            listing.graphics().cuda(),
            listing.graphics().computeCap()),
        new Line.Network(
            listing.network().down(), listing.network().up(), listing.network().ports()),
        listing.days(),
        offer.place(),
        held.map(OfferTable::held).orElse(""));
  }

  private static Use use(Account.Use asked) {
    return new Use(
        Duration.ofSeconds(Math.max(1, Math.round(asked.hours() * SECONDS_AN_HOUR))),
        Math.round(asked.downGb() * BYTES_A_GB),
        Math.round(asked.upGb() * BYTES_A_GB));
  }

  private static String held(MachineView failed) {
    String times = failed.times() == 1 ? "" : " (%d times)".formatted(failed.times());
    return "it failed run %s at %s%s: %s; forgiven at %s"
        .formatted(failed.run(), failed.at(), times, failed.why(), failed.until());
  }

  /// Every machine with something held against it, once.
  private static List<String> last(List<Line> lines, Question question) {
    Map<Long, String> last = new TreeMap<>();
    for (Line line : lines) {
      if (!line.held().isEmpty()) {
        last.put(line.machine(), "Machine %d: %s.".formatted(line.machine(), line.held()));
      }
    }
    List<String> words = new ArrayList<>(last.values());
    long brief = lines.stream().filter(line -> tooShort(line, question)).count();
    if (brief > 0) {
      words.add(
          String.format(
              Locale.ROOT,
              "%d of these have a contract that ends before %.0f h are over.",
              brief,
              question.use().hours()));
    }
    return words;
  }

  private static String nothing(OfferBook.Found found, Question question) {
    String start = "Nothing for rent fits \"%s\"".formatted(capped(question));
    return found
        .tightest()
        .map(tight ->
            "%s. Most is kept out by %s: without it %d offers fit; the nearest value that leaves some is %s."
                .formatted(start, tight.filter(), tight.leaves(), tight.value()))
        .orElse(start + ", and no single filter keeps out the rest. Loosen two, or try later.");
  }
}
