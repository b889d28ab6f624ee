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

  static String sync(String directory) {
    return "rsync -rlptz --partial … -e 'ssh …' -- %s/ %s:/app/   (or tar by ssh, where either side has no rsync)"
        .formatted(directory, UNKNOWN.destination());
  }

  private static String ssh(String... more) {
    List<String> words = new ArrayList<>(UNKNOWN.ssh(false));
    words.set(words.indexOf("22"), "PORT");
    words.addAll(List.of(more));
    return String.join(" ", words);
  }
}
