package dev.salvor.controller.launch.spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The file as its parts are read from: its keys, what is wrong with it, and where it lies.
record Page(Block keys, Findings findings, RunFile.Source source) {
  /// Files named in a run.yaml are lists and settings.
  private static final long MAX_BYTES = 1 << 20;

  Optional<Field> get(String key) {
    return keys.get(key);
  }

  String text(String key, String usual) {
    return get(key).flatMap(Field::text).orElse(usual);
  }

  List<Said> texts(String key) {
    return get(key).map(Field::texts).orElse(List.of());
  }

  /// A path of this machine, by the file's own directory.
  Path local(String path) {
    return source.directory().resolve(path).toAbsolutePath().normalize();
  }

  /// The lines of a file that the user named.
  List<String> linesOf(Field field, String path) {
    Path file = local(path);
    try {
      if (Files.size(file) > MAX_BYTES) {
        field.wrong("names %s, which is larger than 1 MB".formatted(file));
        return List.of();
      }
      return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      field.wrong("names %s, which cannot be read: %s".formatted(file, e));
      return List.of();
    }
  }
}
