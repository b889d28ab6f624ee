package dev.salvor.controller.sandbox.market;

import java.util.Locale;
import java.util.Optional;

/// Where an instance is, in the platform's own words.
enum Stage {
  /// Waiting for a place: nothing is reported yet.
  SCHEDULING,
  CREATED,
  LOADING,
  RUNNING,
  EXITED,
  OFFLINE;

  /// The row's `actual_status`; nothing is null there.
  Optional<String> word() {
    return this == SCHEDULING ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
  }

  /// Whether the machine's GPUs are taken by an instance in this stage.
  boolean holdsGpus() {
    return switch (this) {
      case SCHEDULING, CREATED, LOADING, RUNNING, OFFLINE -> true;
      case EXITED -> false;
    };
  }
}
