package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.Judgement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Reads every byte of cargo for the catalog, here or elsewhere.
public interface CargoReader extends Hashing.Digests {
  /// Whether each file is what its name says.
  ///
  /// @param bytes how much there is to read
  boolean parse(List<Path> files, long bytes) throws IOException;

  /// Reads in this process.
  static CargoReader here() {
    return new Here();
  }

  /// In this process: for what is small.
  final class Here implements CargoReader {
    private Here() {}

    @Override
    public List<dev.salvor.common.unit.Sha256> of(List<Path> files, long bytes) throws IOException {
      return Hashing.here(files, bytes);
    }

    @Override
    public boolean parse(List<Path> files, long bytes) throws IOException {
      for (Path file : files) {
        if (!Judgement.parses(file)) {
          return false;
        }
      }
      return true;
    }
  }
}
