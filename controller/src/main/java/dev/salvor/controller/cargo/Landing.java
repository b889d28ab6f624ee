package dev.salvor.controller.cargo;

import java.util.List;

/// How a copy ended: on the target with a receipt, or not.
public sealed interface Landing {
  /// The bytes are on the target, proven and receipted.
  ///
  /// @param place where, in the target's words
  /// @param notes what the proof found worth telling (imports, flags)
  /// @param lacking further targets that do not have it
  record Landed(String place, List<String> notes, List<Lacking> lacking) implements Landing {
    public Landed {
      notes = List.copyOf(notes);
      lacking = List.copyOf(lacking);
    }

    public Landed(String place, List<String> notes) {
      this(place, notes, List.of());
    }
  }

  /// A target that does not have a unit.
  ///
  /// @param target which of the run's, counted from 1
  /// @param why in a sentence
  record Lacking(int target, String why) {}

  /// Not whole here yet: most of it is, and the same copy may be tried again at once.
  record Again(String reason) implements Landing {}

  /// Nothing was put on the target. The staged blocks that are good stay for the next attempt.
  record Refused(String reason) implements Landing {}
}
