package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which parts of a unit are in a store, in a file to which a line is added with each: a torn last
/// line is a part that is put once more.
final class S3PartBook implements AutoCloseable {
  private static final String UPLOAD = "upload";
  private static final String PART = "part";
  private static final String JOINED = "joined";
  private static final String LOST = "lost";

  private final Map<Integer, String> uploads = new HashMap<>();
  private final Map<String, S3Store.Part> parts = new HashMap<>();
  private final Set<Integer> joined = new HashSet<>();
  private final Writer out;

  private S3PartBook(Writer out) {
    this.out = out;
  }

  /// Begins anew where the file is of another unit.
  static S3PartBook open(Path file, UnitId unit) throws IOException {
    String head = unit + " " + unit.manifestDigest().hex();
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    boolean ours = !lines.isEmpty() && lines.getFirst().equals(head);
    if (!ours) {
      Files.writeString(file, head + "\n");
    }
    S3PartBook book =
        new S3PartBook(
            Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    for (String line : ours ? lines.subList(1, lines.size()) : List.<String>of()) {
      book.read(line.split(" ", -1));
    }
    // Behind a torn line.
    book.out.write("\n");
    return book;
  }

  private void read(String[] words) {
    try {
      switch (words[0]) {
        case UPLOAD -> uploads.put(Integer.parseInt(words[1]), words[2]);
        case PART -> {
          int number = Integer.parseInt(words[2]);
          parts.put(
              words[1] + "/" + number, new S3Store.Part(number, words[4], new Sha256(words[3])));
        }
        case JOINED -> joined.add(Integer.parseInt(words[1]));
        case LOST -> drop(Integer.parseInt(words[1]));
        default -> {
          // A torn line.
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // A torn line: what it would have said is done once more.
      return;
    }
  }

  private void drop(int file) {
    uploads.remove(file);
    joined.remove(file);
    parts.keySet().removeIf(key -> key.startsWith(file + "/"));
  }

  Optional<String> upload(int file) {
    return Optional.ofNullable(uploads.get(file));
  }

  Optional<S3Store.Part> part(int file, int number) {
    return Optional.ofNullable(parts.get(file + "/" + number));
  }

  boolean joined(int file) {
    return joined.contains(file);
  }

  void began(int file, String upload) throws CargoException {
    uploads.put(file, upload);
    write(UPLOAD + " " + file + " " + upload);
  }

  void put(int file, S3Store.Part part) throws CargoException {
    parts.put(file + "/" + part.number(), part);
    String etag = part.etag().replaceAll("\\s", "");
    write(PART + " " + file + " " + part.number() + " " + part.digest().hex() + " " + etag);
  }

  void join(int file) throws CargoException {
    joined.add(file);
    write(JOINED + " " + file);
  }

  /// Its upload is gone, and all its parts with it.
  void lose(int file) throws CargoException {
    drop(file);
    write(LOST + " " + file);
  }

  private void write(String line) throws CargoException {
    try {
      out.write(line + "\n");
      out.flush();
    } catch (IOException e) {
      throw CargoException.of("Cannot note a part", e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      // Each line was flushed; one that is lost is a part put once more.
      return;
    }
  }
}
