package dev.salvor.controller.main;

import dev.salvor.controller.cli.Account.Question;
import dev.salvor.controller.cli.Account.Use;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.provider.OfferBook;
import dev.salvor.controller.provider.OfferBook.Listing;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.OffersView.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Offers by what they will really cost, and the reason for the first.
final class OfferTable {
  /// From running to the first step of a job: what a box costs before it works.
  private static final double BOOT_HOURS = 0.05;

  private static final double MICROS = 1e6;

  private OfferTable() {}

  static OffersView of(OfferBook.Found found, Question question) {
    List<Line> lines = new ArrayList<>();
    found.listings().forEach(listing -> lines.add(line(listing, question)));
    if (question.order().isBlank()) {
      lines.sort(Comparator.comparingDouble(line -> line.money().allIn()));
    }
    String nothing = lines.isEmpty() ? nothing(found, question) : "";
    return new OffersView(
        lines, lines.isEmpty() ? "" : first(lines, question), nothing, found.raw());
  }

  private static Line line(Listing listing, Question question) {
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
        offer.place());
  }

  private static String first(List<Line> lines, Question question) {
    Line first = lines.getFirst();
    String what =
        String.format(
            Locale.ROOT,
            "Offer %d is first: $%.4f an hour all in over %.0f h (GPU and disk $%.4f, traffic"
                + " $%.4f, boot $%.4f)",
            first.id(),
            first.money().allIn(),
            question.use().hours(),
            first.money().price(),
            first.money().traffic(),
            first.money().boot());
    if (!question.order().isBlank()) {
      return "%s, in the order %s.".formatted(what, question.order());
    }
    String than =
        lines.size() == 1
            ? "the only one"
            : String.format(
                Locale.ROOT,
                "$%.4f under the next",
                lines.get(1).money().allIn() - first.money().allIn());
    return String.format(
        Locale.ROOT,
        "%s, %s; reliability %.3f, %s, %d direct ports, CUDA up to %.1f, %.0f days of contract.%s",
        what,
        than,
        first.health().reliability(),
        first.health().verification(),
        first.network().ports(),
        first.health().cuda(),
        first.days(),
        first.days() * 24 < question.use().hours() ? " Its contract is shorter than the run." : "");
  }

  private static String nothing(OfferBook.Found found, Question question) {
    String start = "Nothing for rent fits \"%s\"".formatted(question.query());
    return found
        .tightest()
        .map(tight ->
            "%s. Most is kept out by %s: without it %d offers fit; the nearest value that leaves some is %s."
                .formatted(start, tight.filter(), tight.leaves(), tight.value()))
        .orElse(start + ", and no single filter keeps out the rest. Loosen two, or try later.");
  }
}
