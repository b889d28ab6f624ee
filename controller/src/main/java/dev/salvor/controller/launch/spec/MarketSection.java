package dev.salvor.controller.launch.spec;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.QueryWords;
import dev.salvor.controller.core.RunSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which machine is rented, how much disk, and what it may cost.
final class MarketSection {
  static final int DISK_GB = 60;
  static final double MAX_PRICE = 2;

  static final List<String> TYPES = List.of("on-demand", "interruptible");
  static final List<String> BIDS = List.of("raise", "fixed");

  /// The platform's highest bid.
  private static final double MOST_PER_HOUR = 128;

  /// Under 1 a bid would not run; twice the lowest is what nobody means.
  private static final double LEAST_MARGIN = 1;

  private static final double MOST_MARGIN = 2;

  private static final double BYTES_A_GB = 1e9;
  private static final int MOST_GB = 1 << 20;
  private static final int MOST_KEPT = 10_000;

  /// The platform's: image names are longer nowhere.
  private static final int MAX_IMAGE = 1024;

  private MarketSection() {}

  static RunSpec.Market of(Page page, RunFile.Queries queries, Optional<Instant> deadline) {
    boolean interruptible =
        page.get("type").flatMap(f -> f.word(TYPES)).orElse("on-demand").equals("interruptible");
    if (page.keys().has("bid") && !interruptible) {
      page.findings()
          .problem(
              page.keys().line("bid"),
              "bid goes with \"type: interruptible\": leave one of them out or add it");
    }
    UsdPerHour cap =
        UsdPerHour.of(page.get("max_price").flatMap(f -> f.money(MOST_PER_HOUR)).orElse(MAX_PRICE));
    return new RunSpec.Market(
        image(page),
        lasting(query(page, queries), page, deadline),
        disk(page),
        interruptible,
        cap,
        bidding(page),
        bid(page, cap),
        sizes(page));
  }

  /// A word, or `then` with how a bid is made.
  private static RunSpec.Bidding bidding(Page page) {
    Optional<Field> bid = page.get("bid");
    Optional<Field> word =
        bid.filter(Field::isMapping).isPresent()
            ? bid.flatMap(f -> f.block(RunKeys.BID).get("then"))
            : bid;
    return word.flatMap(f -> f.word(BIDS)).orElse("raise").equals("fixed")
        ? RunSpec.Bidding.FIXED
        : RunSpec.Bidding.RAISE;
  }

  private static RunSpec.Bid bid(Page page, UsdPerHour cap) {
    Optional<Field> bid = page.get("bid").filter(Field::isMapping);
    if (bid.isEmpty()) {
      return RunSpec.Bid.USUAL;
    }
    Block keys = bid.get().block(RunKeys.BID);
    if (keys.has("first") && keys.has("margin")) {
      bid.get().wrong("takes first (dollars an hour) or margin (a factor), one of them");
    }
    UsdPerHour first =
        keys.get("first")
            .flatMap(f -> f.money(MOST_PER_HOUR))
            .map(UsdPerHour::of)
            .orElse(UsdPerHour.ZERO);
    if (first.compareTo(cap) > 0) {
      bid.get().wrong("begins at %s, over max_price %s".formatted(first, cap));
    }
    double margin =
        keys.get("margin").flatMap(f -> f.number(LEAST_MARGIN, MOST_MARGIN)).orElse(0.0);
    return new RunSpec.Bid(first, margin);
  }

  private static String image(Page page) {
    if (!page.keys().has("image")) {
      page.findings().problem(1, "image is missing: name the container image to start");
      return "";
    }
    String image = page.text("image", "");
    if (image.chars().anyMatch(Character::isWhitespace) || image.length() > MAX_IMAGE) {
      page.get("image").ifPresent(f -> f.wrong("takes one image, not \"%s\"".formatted(image)));
    }
    return image;
  }

  private static String query(Page page, RunFile.Queries queries) {
    List<Said> parts = page.texts("query");
    String query = String.join(" ", parts.stream().map(Said::text).toList()).strip();
    queries
        .problems(query)
        .forEach(why -> page.findings().problem(page.keys().line("query"), "query: " + why));
    return query.isEmpty() ? RunSpec.Market.USUAL_QUERY : query;
  }

  private static String lasting(String query, Page page, Optional<Instant> deadline) {
    return deadline
        .map(end -> QueryWords.lasting(query, Duration.between(page.source().now(), end)))
        .orElse(query);
  }

  private static int disk(Page page) {
    Optional<Field> disk = page.get("disk");
    if (disk.isEmpty()) {
      return DISK_GB;
    }
    if (!disk.get().isMapping()) {
      return whole(disk.get(), disk.get().gigabytes());
    }
    Block sizes = disk.get().block(RunKeys.DISK);
    int size = sizes.get("size").map(f -> whole(f, f.gigabytes())).orElse(DISK_GB);
    double kept = sizes.get("keep").flatMap(f -> f.whole(1, MOST_KEPT)).orElse(2L);
    double image = gigabytes(sizes, "image");
    double data = gigabytes(sizes, "data");
    double checkpoint = gigabytes(sizes, "checkpoint");
    double cache = gigabytes(sizes, "cache");
    double needed = image + data + kept * checkpoint + cache;
    if (needed > size) {
      page.findings()
          .problem(
              sizes.line("size"),
              "the disk has %d GB and needs %.1f: image %.1f + data %.1f + %.0f checkpoints of %.1f + cache %.1f. It cannot grow later: rent more, or keep less"
                  .formatted(size, needed, image, data, kept, checkpoint, cache));
    }
    return size;
  }

  private static RunSpec.Sizes sizes(Page page) {
    Optional<Field> disk = page.get("disk").filter(Field::isMapping);
    if (disk.isEmpty()) {
      return RunSpec.Sizes.UNKNOWN;
    }
    Block sizes = disk.get().block(RunKeys.DISK);
    return new RunSpec.Sizes(
        Math.round(gigabytes(sizes, "image") * BYTES_A_GB),
        Math.round(gigabytes(sizes, "data") * BYTES_A_GB),
        Math.round(gigabytes(sizes, "checkpoint") * BYTES_A_GB));
  }

  private static double gigabytes(Block sizes, String key) {
    return sizes.get(key).flatMap(Field::gigabytes).orElse(0.0);
  }

  private static int whole(Field field, Optional<Double> gigabytes) {
    double gb = Math.ceil(gigabytes.orElse((double) DISK_GB));
    if (gb < 1 || gb > MOST_GB) {
      field.wrong("takes 1 GB or more, up to %d".formatted(MOST_GB));
    }
    return (int) Math.clamp(gb, 1, MOST_GB);
  }
}
