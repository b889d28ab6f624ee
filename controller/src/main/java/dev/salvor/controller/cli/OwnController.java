package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.StateDir;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The controller of the user's own runs, at the marketplace that his variables name.
final class OwnController {
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1", "[::1]");

  /// Any port: boxes that cannot reach this machine come through a tunnel.
  private static final String LISTEN = "127.0.0.1:0";

  private OwnController() {}

  /// The one that runs, or a new one.
  static DeskClient open(Session session, StateDir dir, Wiring wiring)
      throws DeskException, Failure {
    return Controllers.open(dir, platform(session, dir, wiring));
  }

  /// What it needs to know of the platform. The key goes into a file that only its owner can read.
  static Controllers.Platform platform(Session session, StateDir dir, Wiring wiring)
      throws DeskException, Failure {
    Account.Login login = wiring.market().open(session, dir).login();
    dir.prepare();
    URI url = login.platform();
    Path file = dir.accountKey();
    try {
      samePlatform(dir, url);
      Files.deleteIfExists(file);
      Files.createFile(file);
      StateDir.closeToOthers(file);
      Files.writeString(file, login.key().reveal());
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot write %s: %s. Make room there, or name another place with --state-dir."
              .formatted(file, e),
          e);
    }
    boolean sandbox = LOOPBACK.contains(String.valueOf(url.getHost()));
    if (sandbox) {
      // Its boxes have this machine's Java: the agent alone is brought to them.
      Path _ = Bundle.make(dir.bundle(), session.installation());
    }
    return new Controllers.Platform(url, file, LISTEN, sandbox, true);
  }

  /// One controller works with one platform: a run must not be rented at another than is meant.
  private static void samePlatform(StateDir dir, URI url)
      throws DeskException, Failure, IOException {
    Path noted = dir.platform();
    if (DeskClient.find(dir).isEmpty()) {
      Files.writeString(noted, url.toString());
      return;
    }
    String running = Files.exists(noted) ? Files.readString(noted).strip() : url.toString();
    if (!running.equals(url.toString())) {
      throw new Failure(
          Exit.USAGE,
          "Cannot use %s: the controller of %s works with %s. 'salvor ps' shows what it still has there; end that, or take another --state-dir."
              .formatted(url, dir.root(), running));
    }
  }
}
