package dev.salvor.controller.main;

import dev.salvor.controller.cli.Account.Question;
import dev.salvor.controller.cli.Account.Use;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.provider.OfferBook;
import dev.salvor.controller.provider.OfferBook.Listing;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.OffersView.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Offers by what they will really cost; those of machines that failed us, and those whose contract
/// is too short, come last.
final class OfferTable {
  /// From running to the first step of a job: what a box costs before it works.
  private static final double BOOT_HOURS = 0.05;

  private static final double MICROS = 1e6;

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
    List<Line> lines = new ArrayList<>();
    found
        .listings()
        .forEach(listing ->
            lines.add(
                line(
                    listing,
                    question,
                    Optional.ofNullable(held.get(listing.offer().machine().value())))));
    if (lines.isEmpty()) {
      return new OffersView(lines, "", List.of(), nothing(found, question), found.raw());
    }
    if (question.order().isBlank()) {
      lines.sort(
          Comparator.comparing((Line line) -> !line.held().isEmpty())
              .thenComparing(line -> tooShort(line, question))
              .thenComparingDouble(line -> line.money().allIn()));
    }
    return new OffersView(
        lines, new OfferReason(question).first(lines), last(lines, question), "", found.raw());
  }

  static boolean tooShort(Line line, Question question) {
    return line.days() * 24 < question.use().hours();
  }

  private static Line line(Listing listing, Question question, Optional<MachineView> held) {
    Offer offer = listing.offer();
    Use use = question.use();
    double disk = offer.storage().dollars();
    // A bid is for the GPUs alone; the price on demand has the disk in it.
    double price =
        question.interruptible() ? offer.minBid().dollars() + disk : offer.price().dollars();
    double traffic =
        (use.downGb() * offer.downloadPerGb() + use.upGb() * offer.uploadPerGb())
            / MICROS
            / use.hours();
    double boot = price * BOOT_HOURS / use.hours();
    return new Line(
        offer.id(),
        offer.machine().value(),
        offer.gpu(),
        offer.gpus(),
        new Line.Money(price + traffic + boot, price, disk, traffic, boot),
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
