package dev.salvor.controller.core;

import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;

/// What an hour on an offered machine comes to in all: offers are ranked by it, wherever they are.
///
/// @param running GPUs and disk
/// @param traffic the expected bytes both ways at this host's prices, spread over the time
/// @param boot what the machine costs before it works, spread likewise
public record AllIn(UsdPerHour running, UsdPerHour traffic, UsdPerHour boot) {
  /// From running to the first step of a job.
  private static final Duration BOOT = Duration.ofMinutes(3);

  private static final double SECONDS_AN_HOUR = 3600;

  /// A billion dollars: what a host may name, and nobody pays.
  private static final double MOST = 1e15;

  /// On this offer, at this price, for this use.
  ///
  /// @param bid the price is a bid, which is for the GPUs alone; that on demand has the disk in it
  public static AllIn of(Offer offer, UsdPerHour price, boolean bid, Use use) {
    UsdPerHour running = bid ? price.plus(offer.storage()) : price;
    double hours = use.time().toSeconds() / SECONDS_AN_HOUR;
    Usd bytes = offer.download(use.down()).plus(offer.upload(use.up()));
    return new AllIn(running, spread(bytes, hours), spread(running.over(BOOT), hours));
  }

  private static UsdPerHour spread(Usd once, double hours) {
    return new UsdPerHour(Math.round(Math.min(once.micros() / hours, MOST)));
  }

  public UsdPerHour hour() {
    return running.plus(traffic).plus(boot);
  }
}
