package dev.salvor.controller.cargo;

import java.util.List;

/// How a copy ended: on the target with a receipt, or not.
public sealed interface Landing {
  /// The bytes are on the target, proven and receipted.
  ///
  /// @param place where, in the target's words
  /// @param notes what the proof found worth telling (imports, flags)
  record Landed(String place, List<String> notes) implements Landing {
    public Landed {
      notes = List.copyOf(notes);
    }
  }

  /// Not whole here yet: most of it is, and the same copy may be tried again at once.
  record Again(String reason) implements Landing {}

  /// Nothing was put on the target. The staged blocks that are good stay for the next attempt.
  record Refused(String reason) implements Landing {}
}
