package dev.salvor.common.checkpoint;

import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/// The digest of a file's bytes as they are read now; a symbolic link is refused, not followed.
public final class FileDigest {
  private static final int BUFFER_BYTES = 256 * 1024;

  private FileDigest() {}

  public static Sha256 of(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.fromBytes(digest.digest());
  }
}
