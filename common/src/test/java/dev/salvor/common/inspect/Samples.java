package dev.salvor.common.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The small files that make_samples.py wrote, one or more a format.
final class Samples {
  private Samples() {}

  static byte[] read(String name) {
    try (InputStream in = Samples.class.getResourceAsStream("samples/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Puts a sample into a directory, under a name of the test's.
  static Path put(String name, Path to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    return Files.write(to, read(name));
  }
}
