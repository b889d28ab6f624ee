package dev.salvor.controller.house;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.googlejavaformat.java.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Digests of texts that this formatter left as they were, so that only what changed is formatted
/// again. They are of formatter and text together: an entry cannot be out of date.
record Straight(Set<String> digests) {
  Straight {
    digests = Set.copyOf(digests);
  }

  /// Unreadable or absent is the same as empty: everything is formatted once more.
  static Straight read(Path list) {
    try {
      return new Straight(Set.copyOf(Files.readAllLines(list, UTF_8)));
    } catch (IOException e) {
      return new Straight(Set.of());
    }
  }

  /// Keeps what is straight now and forgets all else, so that the list stays as long as the code.
  static void write(Path list, List<SourceFile> straight) throws IOException {
    Files.createDirectories(list.getParent());
    Files.write(list, straight.stream().map(Straight::digest).distinct().toList(), UTF_8);
  }

  boolean has(SourceFile file) {
    return digests.contains(digest(file));
  }

  private static String digest(SourceFile file) {
    // The jar's name carries the version; its manifest does not.
    String formatter =
        Formatter.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(formatter.getBytes(UTF_8));
      sha256.update(file.text().getBytes(UTF_8));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
