package dev.salvor.controller.cargo;

import java.util.List;

/// How a copy ended: on the target with a receipt, or not.
public sealed interface Landing {
  /// The bytes are on the target, proven and receipted.
  ///
  /// @param place where, in the target's words
  /// @param notes what the proof found worth telling (imports, flags)
  /// @param lacking why further targets do not have it, each in a sentence
  record Landed(String place, List<String> notes, List<String> lacking) implements Landing {
    public Landed {
      notes = List.copyOf(notes);
      lacking = List.copyOf(lacking);
    }

    public Landed(String place, List<String> notes) {
      this(place, notes, List.of());
    }
  }

  /// Not whole here yet: most of it is, and the same copy may be tried again at once.
  record Again(String reason) implements Landing {}

  /// Nothing was put on the target. The staged blocks that are good stay for the next attempt.
  record Refused(String reason) implements Landing {}
}
