package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the controller of a state directory or starts one.
final class Controllers {
  private static final Duration END = Duration.ofSeconds(60);

  private Controllers() {}

  /// What a controller needs to know of its platform.
  ///
  /// @param sandbox it is one on this machine
  /// @param tunnel boxes are gone to by ssh; else they dial us
  record Platform(URI url, Path apiKeyFile, String listen, boolean sandbox, boolean tunnel) {}

  static DeskClient open(StateDir dir, Platform platform) throws Failure, DeskException {
    Optional<DeskClient> running = answering(dir);
    if (running.isPresent()) {
      return running.get();
    }
    List<String> args = new ArrayList<>();
    args.addAll(
        List.of(
            "controller",
            "--state-dir",
            dir.root().toString(),
            "--provider-url",
            platform.url().toString(),
            "--api-key-file",
            platform.apiKeyFile().toString(),
            "--listen",
            platform.listen(),
            "--reach",
            platform.tunnel() ? "tunnel" : "direct"));
    if (platform.sandbox()) {
      args.add("--sandbox");
    }
    return Background.start("the controller", args, dir.log(), _ -> answering(dir));
  }

  /// Lets it end; waits until it is gone.
  ///
  /// @param anyway also with rentals left, because their market is closed
  static void close(DeskClient controller, boolean anyway) throws Failure, DeskException {
    controller.ask(new Request.Close(anyway));
    if (!Background.ended(controller.pid(), END)) {
      throw new Failure(
          Exit.INTERNAL,
          "Cannot end the controller: pid %d still runs %d s after it was asked to. End it with 'kill %d'."
              .formatted(controller.pid(), END.toSeconds(), controller.pid()));
    }
  }

  private static Optional<DeskClient> answering(StateDir dir) throws DeskException {
    Optional<DeskClient> found = DeskClient.find(dir);
    if (found.isEmpty()) {
      return found;
    }
    try {
      Answer _ = found.get().ask(new Request.Ping());
      return found;
    } catch (DeskException e) {
      if (e.kind() == DeskException.Kind.LOST) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
