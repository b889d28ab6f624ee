package dev.salvor.controller.core;

import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.Optional;

/// What the provider's list says of a rental, in our closed words.
///
/// @param status what it is
/// @param wanted what it is meant to be, by the provider's word
/// @param bid whether it is interruptible
/// @param burn what it costs an hour as it is now
/// @param minBid the lowest bid that would run now; zero when the provider does not say
/// @param words the provider's own words, for people
/// @param ends when its contract does; empty if the provider does not say
public record Sight(
    Status status,
    Wanted wanted,
    boolean bid,
    UsdPerHour burn,
    UsdPerHour minBid,
    String words,
    Optional<Instant> ends) {

  /// Of a rental whose contract's end is not told.
  public Sight(
      Status status, Wanted wanted, boolean bid, UsdPerHour burn, UsdPerHour minBid, String words) {
    this(status, wanted, bid, burn, minBid, words, Optional.empty());
  }

  /// Nothing seen yet.
  public static final Sight NONE =
      new Sight(
          Status.UNSEEN, Wanted.RUNNING, false, UsdPerHour.ZERO, UsdPerHour.ZERO, "not listed yet");

  /// Where a rental stands at the provider.
  public enum Status {
    UNSEEN,
    LOADING,
    RUNNING,
    STOPPED,
    /// The provider says the host is disconnected.
    OFFLINE,
    /// The provider itself does not know.
    UNKNOWN,
    /// No longer listed, judged as the Watch judges absence.
    GONE
  }

  /// What the provider means to do with it.
  public enum Wanted {
    RUNNING,
    STOPPED
  }

  /// Stopped, and it will not come back by itself.
  public boolean stoppedForGood() {
    return status == Status.STOPPED && wanted == Wanted.STOPPED;
  }

  /// The word that the provider's own console shows for it.
  public String console() {
    return switch (status) {
      case UNSEEN -> "not listed yet";
      case LOADING -> "Loading";
      case RUNNING -> "Running";
      case STOPPED -> wanted == Wanted.RUNNING ? "Scheduling" : "Inactive";
      case OFFLINE -> "Offline";
      case UNKNOWN -> "unknown";
      case GONE -> "no longer listed";
    };
  }

  public boolean is(Status wanted) {
    return status == wanted;
  }
}
