package dev.salvor.controller.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The name under which one state directory's rentals are labelled at the provider; drawn once.
final class Fleet {
  private static final int BYTES = 4;

  private Fleet() {}

  static String of(Path stateDir) throws IOException {
    Path file = stateDir.resolve("fleet");
    if (!Files.exists(file)) {
      byte[] name = new byte[BYTES];
      new SecureRandom().nextBytes(name);
      Path fresh = stateDir.resolve("fleet.tmp");
      Files.writeString(
          fresh,
          HexFormat.of().formatHex(name),
          StandardOpenOption.CREATE,
          StandardOpenOption.SYNC);
      Files.move(fresh, file);
    }
    return Files.readString(file).strip();
  }
}
