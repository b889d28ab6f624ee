package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What will cost money or data on a machine that is about to be rented, in words.
public final class DangerClocks {
  /// These words are told wherever a person looks on.
  public static final String SAID = "danger clocks: ";

  private static final Duration DAY = Duration.ofDays(1);

  private DangerClocks() {}

  /// Those of an offer, with their figures.
  ///
  /// @param seen when the offer was listed; its contract is counted from there
  public static String of(Offer offer, Instant seen) {
    Optional<Instant> ends =
        offer.contract().isZero() ? Optional.empty() : Optional.of(seen.plus(offer.contract()));
    return "%sstopped, its disk costs %s a day; a GB costs %s onto it and %s off it; %s"
        .formatted(
            SAID,
            offer.storage().over(DAY),
            new Usd(offer.downloadPerGb()),
            new Usd(offer.uploadPerGb()),
            ends.map(at -> "its contract ends at " + at.truncatedTo(ChronoUnit.MINUTES))
                .orElse("the platform does not say when its contract ends"));
  }
}
