package dev.salvor.controller.main;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks whether system programs are on this machine.
final class Tools {
  private static final List<Path> PLACES =
      Pattern.compile(":")
          .splitAsStream(System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
          .filter(p -> !p.isEmpty())
          .map(Path::of)
          .toList();

  private Tools() {}

  /// The first of these programs that is not on the PATH.
  static Optional<String> lacking(String... programs) {
    return Stream.of(programs)
        .filter(p -> PLACES.stream().noneMatch(d -> Files.isExecutable(d.resolve(p))))
        .findFirst();
  }
}
