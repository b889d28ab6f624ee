package dev.salvor.agent.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads files that are small by their nature, and no more of them than that.
public final class SmallFile {
  /// The largest in /proc that a probe reads: the mounts of a box with very many.
  private static final int MOST = 256 * 1024;

  private SmallFile() {}

  /// Empty where there is none; cut off where it is too large.
  public static Optional<String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
    }
  }
}
