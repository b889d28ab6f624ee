package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One unit on its way from its box straight to a store, in parts. What is there is remembered
/// across restarts of either side. One thread at a time.
public interface Straight extends AutoCloseable {
  /// Makes the way.
  interface Way {
    /// Begins, or goes on with what was begun.
    ///
    /// @param place a directory for what is remembered and read back
    Straight open(Path place, RunId run, Unit unit, Prover prover) throws CargoException;
  }

  /// Where a part may go.
  ///
  /// @param held it is there already
  /// @param url good for an hour, for this part of this size and no other
  record Slot(boolean held, String url, Map<String, String> headers) {
    public Slot {
      headers = Map.copyOf(headers);
    }
  }

  Unit unit();

  /// Of each file, in order: bytes of a part but the last.
  List<Long> partSizes();

  /// Where one part may go now.
  ///
  /// @param number from 1
  Slot slot(int file, int number, Sha256 digest) throws CargoException;

  /// The box says that the part it asked for last is there.
  void put(int file, int number, String etag) throws CargoException;

  /// Bytes that this copy put there.
  long sentBytes();

  /// Reads everything back, proves it, and lands it.
  Landing settle() throws CargoException;

  /// Lets go; what is there stays for the next attempt.
  @Override
  void close();
}
