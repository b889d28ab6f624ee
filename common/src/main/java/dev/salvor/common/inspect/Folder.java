package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One directory as a walk found it: its files with their sizes, and what directories it has.
///
/// @param name what the directory was called where it was written
record Folder(Path path, String name, SortedMap<String, Long> files, SortedSet<String> folders) {
  private static final int MAX_TEXT = 4096;

  boolean has(String file) {
    return files.containsKey(file);
  }

  boolean hasFile(Pattern pattern) {
    return files.keySet().stream().anyMatch(file -> pattern.matcher(file).matches());
  }

  boolean hasFolder(Pattern pattern) {
    return folders.stream().anyMatch(folder -> pattern.matcher(folder).matches());
  }

  Path file(String file) {
    return path.resolve(file);
  }

  long size(String file) {
    return files.getOrDefault(file, 0L);
  }

  /// The text of a small file without white space around it; empty where it is none.
  Optional<String> text(String file) throws IOException {
    if (size(file) > MAX_TEXT) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file(file));
    return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
  }

  /// What is done with an open file.
  interface Reading<T> {
    T read(Content content) throws IOException;
  }

  /// Empty where the file's bytes break its format: it is judged as a file then.
  <T> Optional<T> read(String file, Reading<T> reading) throws IOException {
    try (FileChannel channel = FileChannel.open(file(file), StandardOpenOption.READ)) {
      return Optional.of(reading.read(Content.of(channel, file(file))));
    } catch (DamagedException | EOFException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// The largest number that the pattern's first group has in a file's name, -1 where none has.
  int most(Pattern pattern) {
    int most = -1;
    for (Map.Entry<String, Long> file : files.entrySet()) {
      Matcher matcher = pattern.matcher(file.getKey());
      if (matcher.matches()) {
        most = Math.max(most, Integer.parseInt(matcher.group(1)));
      }
    }
    return most;
  }
}
