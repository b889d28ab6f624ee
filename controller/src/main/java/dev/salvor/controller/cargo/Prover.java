package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import java.io.IOException;
import java.util.List;

/// Judges the bytes of a unit where they lie and, if they are whole, writes the receipt for them.
@FunctionalInterface
public interface Prover {
  /// Reads every byte that is not hashed yet; writes nothing.
  ///
  /// @param place where the target keeps the unit, for the receipt
  Proof prove(RunId run, Unit unit, Staged staged, String place) throws IOException;

  /// What came of it.
  sealed interface Proof {
    /// The receipt's text, as it is to be stored beside the data.
    record Proven(String receipt, List<String> notes) implements Proof {
      public Proven {
        notes = List.copyOf(notes);
      }
    }

    /// Not whole, not what the manifest names, or dangerous.
    record Disproven(String reason) implements Proof {}
  }
}
