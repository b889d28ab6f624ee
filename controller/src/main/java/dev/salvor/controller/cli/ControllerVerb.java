package dev.salvor.controller.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `salvor controller`: what the other verbs start in the background.
@Command(
    name = "controller",
    hidden = true,
    description = "Be the controller of a state directory, until nothing needs it.")
final class ControllerVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Option(names = "--provider-url", paramLabel = "URL", required = true)
  URI provider = URI.create("");

  @Option(names = "--api-key-file", paramLabel = "FILE", required = true)
  Path apiKeyFile = Path.of("");

  @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:0")
  String listen = "";

  @Option(names = "--sandbox", description = "the platform is a sandbox on this machine")
  boolean sandbox;

  @Option(
      names = "--reach",
      paramLabel = "direct|tunnel",
      description =
          "boxes dial this machine, or it goes to them by ssh (default: direct with --public and in"
              + " a sandbox, else tunnel)")
  Optional<Way> reach = Optional.empty();

  @Option(
      names = "--public",
      paramLabel = "HOST:PORT",
      defaultValue = "",
      description = "where boxes can dial this machine")
  String address = "";

  private final Session session;
  private final Wiring wiring;

  /// How boxes and the controller come together.
  enum Way {
    DIRECT,
    TUNNEL
  }

  ControllerVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Way usual = sandbox || !address.isEmpty() ? Way.DIRECT : Way.TUNNEL;
    Wiring.Approach approach =
        new Wiring.Approach(
            reach.orElse(usual) == Way.TUNNEL, address, session.installation().toAbsolutePath());
    return wiring
        .controller()
        .run(
            new Wiring.ControllerOptions(
                where.ownDir(session),
                provider,
                apiKeyFile,
                listen,
                sandbox,
                approach,
                Wiring.Monitoring.NONE));
  }
}
