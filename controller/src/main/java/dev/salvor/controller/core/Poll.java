package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import java.time.Instant;
import java.util.List;

/// One look at the provider's list of the account's rentals.
public sealed interface Poll {
  /// When the request was sent: the answer says nothing about later.
  Instant begun();

  /// The whole list.
  record Listed(Instant begun, List<Line> lines) implements Poll {
    public Listed {
      lines = List.copyOf(lines);
    }
  }

  /// The provider could not be asked.
  record Unanswered(Instant begun, String why) implements Poll {}

  /// One rental of the list.
  ///
  /// @param label what it was labelled with when it was created
  record Line(InstanceId instance, String label, Sight sight) {}
}
