package dev.salvor.agent.checkpoint;

import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What carry processes leave in the agent's home for the catalog: the unit they are sending, and
/// the units they brought back.
final class HandOver {
  private final Path home;

  HandOver(Path home) {
    this.home = home;
  }

  /// The unit that a carry process has under way, by its name.
  Optional<String> sending() throws IOException {
    return text(home.resolve("carry/sending")).map(String::strip).filter(unit -> !unit.isEmpty());
  }

  /// Whether the place was restored with this very content.
  boolean restored(String path, Sha256 digest) throws IOException {
    String line = digest.hex() + " " + URLEncoder.encode(path, StandardCharsets.UTF_8);
    return text(home.resolve("catalog/restored")).stream()
        .flatMap(String::lines)
        .anyMatch(line::equals);
  }

  private static Optional<String> text(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
