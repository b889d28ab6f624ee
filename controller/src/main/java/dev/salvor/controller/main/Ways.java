package dev.salvor.controller.main;

import dev.salvor.controller.tunnel.Door;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The commands of this machine that reach a box, as they would be run.
final class Ways {
  /// Stands in until the platform has said where the box is.
  private static final Door UNKNOWN =
      new Door(
          "INSTANCE",
          new Door.Address("HOST", 22, "root", true),
          new Door.Keys(
              List.of(Path.of("STATE/ssh/id_ed25519")), Path.of("STATE/ssh/known_hosts-INSTANCE")));

  private Ways() {}

  static List<String> tunnel() {
    return List.of(
        ssh("-T", UNKNOWN.destination(), "<look for the agent; without one: bring its bundle>"),
        ssh(
                "-N",
                "-T",
                "-o",
                "ExitOnForwardFailure=yes",
                "-R",
                "127.0.0.1:0:127.0.0.1:<controller's port>",
                UNKNOWN.destination())
            + "   (twice: for the link, and for cargo)",
        ssh("-T", UNKNOWN.destination(), "<write where the agent is to dial>"));
  }

  /// A login that is proven, then the directory.
  static List<String> sync(SyncLoad load) {
    List<String> words = new ArrayList<>(List.of("rsync", "-rlptz", "--partial", "--timeout=60"));
    load.excludes().forEach(pattern -> words.add("--exclude=" + pattern));
    words.addAll(List.of("-e", "'ssh …, as above'", "--", load.from() + "/"));
    words.add(UNKNOWN.destination() + ":/app/");
    return List.of(
        ssh("-T", UNKNOWN.destination(), "cat") + "   (1 MiB there and back, until it works)",
        String.join(" ", words) + "   (or tar by ssh, where either side has no rsync)");
  }

  private static String ssh(String... more) {
    List<String> words = new ArrayList<>(UNKNOWN.ssh(false));
    words.set(words.indexOf("22"), "PORT");
    words.addAll(List.of(more));
    return String.join(" ", words);
  }
}
