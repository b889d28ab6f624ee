package dev.salvor.common.framework;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The files of what may be one checkpoint, by name and size, and where its small records can be
/// read.
///
/// @param base what the files' paths are relative to
/// @param name what its writer called it: a directory's name, a single file's, or that of the file
///   that speaks for the others
/// @param beside where its trainer keeps the note of what it wrote last; empty for a copy
/// @param files sizes in bytes by relative path
public record Listing(Path base, String name, Optional<Path> beside, Map<String, Long> files) {
  /// Trackers hold a name or a number.
  private static final int MAX_RECORD_BYTES = 64 << 10;

  public Listing {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  public boolean has(String path) {
    return files.containsKey(path);
  }

  boolean hasAny(String... paths) {
    return List.of(paths).stream().anyMatch(files::containsKey);
  }

  List<String> matching(Pattern pattern) {
    return files.keySet().stream().filter(path -> pattern.matcher(path).matches()).toList();
  }

  boolean hasMatch(Pattern pattern) {
    return files.keySet().stream().anyMatch(path -> pattern.matcher(path).matches());
  }

  /// Whether anything lies below that directory of it.
  boolean hasBelow(String directory) {
    return files.keySet().stream().anyMatch(path -> path.startsWith(directory + "/"));
  }

  long size(String path) {
    return files.getOrDefault(path, -1L);
  }

  Path file(String path) {
    return base.resolve(path);
  }

  /// The note that a trainer keeps beside its checkpoints, stripped; empty where there is none.
  Optional<String> note(String name) throws IOException {
    return beside.isEmpty() ? Optional.empty() : text(beside.get().resolve(name));
  }

  static Optional<String> text(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_RECORD_BYTES);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
