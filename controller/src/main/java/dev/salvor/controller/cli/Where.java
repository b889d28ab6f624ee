package dev.salvor.controller.cli;

import dev.salvor.controller.desk.StateDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that every verb has: which controller, and how to print.
final class Where {
  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "where the controller keeps its state (default: $SALVOR_STATE_DIR, else"
              + " $XDG_STATE_HOME/salvor, else ~/.local/state/salvor, else the demo's below that)")
  Optional<Path> stateDir = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "text for people, json for programs (default: text)")
  Output output = Output.TEXT;

  /// The state directory that verbs mean: the user's own, or the demo's where that is all there is.
  StateDir dir(Session session) {
    if (stateDir.isPresent()) {
      return new StateDir(stateDir.get());
    }
    StateDir own = new StateDir(StateDir.usual(session.env(), session.home()));
    StateDir demo = new StateDir(own.root().resolve("demo"));
    return !Files.exists(own.lock()) && Files.exists(demo.lock()) ? demo : own;
  }

  /// The user's own.
  StateDir ownDir(Session session) {
    return new StateDir(stateDir.orElse(StateDir.usual(session.env(), session.home())));
  }

  /// The demo's, which never mixes with the user's own runs.
  StateDir demoDir(Session session) {
    return new StateDir(
        stateDir.orElse(StateDir.usual(session.env(), session.home()).resolve("demo")));
  }

  boolean json() {
    return output == Output.JSON;
  }
}
