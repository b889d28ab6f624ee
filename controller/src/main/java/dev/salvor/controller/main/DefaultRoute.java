package dev.salvor.controller.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether this machine has a way out at all, told beside a platform that does not answer.
final class DefaultRoute {
  private static final Path V4 = Path.of("/proc/net/route");
  private static final Path V6 = Path.of("/proc/net/ipv6_route");
  private static final String ANY_V6 = "00000000000000000000000000000000 00 ";

  private DefaultRoute() {}

  /// What to add to the reason; empty where there is a route, or nobody can say.
  static String words() {
    return words(V4, V6);
  }

  static String words(Path v4, Path v6) {
    if (!Files.isReadable(v4)) {
      return "";
    }
    try {
      boolean four =
          Files.readString(v4)
              .lines()
              .skip(1)
              .anyMatch(line -> line.matches("\\S+\\s+00000000\\s.*"));
      boolean six =
          Files.isReadable(v6)
              && Files.readString(v6)
                  .lines()
                  .anyMatch(line -> line.startsWith(ANY_V6) && !line.endsWith(" lo"));
      return four || six ? "" : "; this machine has no default route: its own network is down";
    } catch (IOException _) {
      return "";
    }
  }
}
