package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Keeps the books in one file, always whole. It outlives the process; it is not meant to outlive a
/// power cut.
public final class BookStore {
  private static final double FIRST_CREDIT = 25;
  private static final long FIRST_INSTANCE = 7001;
  private static final long FIRST_KEY = 301;

  private final Path file;
  private final ObjectMapper json = new ObjectMapper();

  public BookStore(Path stateDir) {
    this.file = stateDir.resolve("state.json");
  }

  /// The books on disk, or new ones. A file that cannot be understood is never written over.
  Books open(long seed, long nowMs) throws IOException {
    if (Files.notExists(file)) {
      var page =
          new Books.Page(
              Books.Page.VERSION,
              secret(8),
              seed,
              secret(32),
              FIRST_CREDIT,
              nowMs,
              FIRST_INSTANCE,
              FIRST_KEY,
              List.of(),
              Map.of(),
              List.of(),
              false,
              List.of(),
              new Books.Page.More(nowMs, List.of(), Map.of(), Map.of()));
      return new Books(page);
    }
    try {
      var page = json.readValue(file.toFile(), Books.Page.class);
      if (page == null || page.version() != Books.Page.VERSION) {
        throw new IOException(file + " is of another version of the sandbox");
      }
      return new Books(page);
    } catch (JacksonException | NullPointerException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  void save(Books books) {
    try {
      Path next = file.resolveSibling("state.json.next");
      if (Files.notExists(next)) {
        Files.createFile(
            next,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.write(next, json.writeValueAsBytes(books.page()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  static String secret(int bytes) {
    var random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
