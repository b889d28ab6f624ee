package dev.salvor.controller.main;

import dev.salvor.common.telemetry.cuda.CudaRelease;
import dev.salvor.controller.cli.Account.Question;
import dev.salvor.controller.view.OffersView.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Why the first of some offers is first: its price in its parts, and everything else that one
/// chooses by.
record OfferReason(Question question) {
  private static final double CAPABILITY = 100;

  String first(List<Line> lines) {
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
    String place = question.order().isBlank() ? against(lines) : "in the order " + question.order();
    return "%s, %s; %s.".formatted(what, place, String.join(", ", virtues(first)));
  }

  private static String against(List<Line> lines) {
    if (lines.size() == 1) {
      return "the only one";
    }
    double more = lines.get(1).money().allIn() - lines.getFirst().money().allIn();
    return more >= 0
        ? String.format(Locale.ROOT, "$%.4f under the next", more)
        : String.format(Locale.ROOT, "$%.4f over the next, which comes later all the same", -more);
  }

  private List<String> virtues(Line first) {
    List<String> words = new ArrayList<>();
    words.add(String.format(Locale.ROOT, "reliability %.3f", first.health().reliability()));
    words.add(
        first.health().verification().isEmpty()
            ? "verification unknown"
            : first.health().verification());
    words.add(first.network().ports() + " direct ports");
    words.add(graphics(first));
    words.add(first.place().isBlank() ? "nobody knows where" : "in " + first.place());
    if (question.cap().isPresent()) {
      words.add(
          String.format(
              Locale.ROOT, "under your cap of $%.4f an hour", question.cap().getAsDouble()));
    }
    words.add(
        first.held().isEmpty()
            ? String.format(Locale.ROOT, "machine %d has not failed us", first.machine())
            : "but " + first.held());
    words.add(
        OfferTable.tooShort(first, question)
            ? String.format(
                Locale.ROOT,
                "%.1f days of contract, shorter than the %.0f h asked for",
                first.days(),
                question.use().hours())
            : String.format(
                Locale.ROOT,
                "%.0f days of contract, enough for %.0f h",
                first.days(),
                question.use().hours()));
    return words;
  }

  private String graphics(Line first) {
    Optional<CudaRelease> needs = CudaRelease.ofImage(question.image());
    String fit = needs.map(cuda -> " where the image needs " + cuda).orElse("");
    return String.format(
        Locale.ROOT,
        "CUDA up to %.1f%s, compute capability %.1f",
        first.health().cuda(),
        fit,
        first.health().computeCap() / CAPABILITY);
  }
}
