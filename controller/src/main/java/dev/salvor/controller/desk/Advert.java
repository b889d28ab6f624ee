package dev.salvor.controller.desk;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/// What a controller writes into its lock file: who it is and where its desk stands.
public record Advert(long pid, String socket, String started) {

  /// What the lock file says; empty where there is none or it says nothing yet. The controller that
  /// wrote it may be long gone: only its socket tells.
  public static Optional<Advert> of(StateDir dir) throws DeskException {
    if (!Files.exists(dir.lock())) {
      return Optional.empty();
    }
    String text;
    try {
      text = Files.readString(dir.lock());
    } catch (IOException e) {
      throw new DeskException(
          DeskException.Kind.ENVIRONMENT,
          "Cannot read %s: %s. Is this your state directory?".formatted(dir.lock(), e),
          e);
    }
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(Json.read(text, Advert.class));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
