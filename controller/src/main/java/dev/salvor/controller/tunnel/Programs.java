package dev.salvor.controller.tunnel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks whether system programs are on this machine.
public final class Programs {
  private static final List<Path> PLACES =
      Pattern.compile(":")
          .splitAsStream(System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
          .filter(p -> !p.isEmpty())
          .map(Path::of)
          .toList();

  private Programs() {}

  /// The first of these programs that is not on the PATH.
  public static Optional<String> lacking(String... programs) {
    return Stream.of(programs)
        .filter(p -> PLACES.stream().noneMatch(d -> Files.isExecutable(d.resolve(p))))
        .findFirst();
  }
}
