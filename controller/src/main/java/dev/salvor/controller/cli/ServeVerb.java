package dev.salvor.controller.cli;

import dev.salvor.controller.desk.StateDir;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `salvor serve`: the controller in the foreground, for machines that watch it.
@Command(
    name = "serve",
    description =
        "Run the controller in the foreground until it is told to end, with /healthz and /metrics"
            + " for machines that watch, and one webhook for what must be told.")
final class ServeVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Option(
      names = "--monitor",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9464",
      description =
          "where /healthz and /metrics answer, on loopback (default: 127.0.0.1:9464); and /vast,"
              + " for the platform's signed webhooks, where SALVOR_VAST_WEBHOOK_SECRET is set")
  String monitor = "";

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      defaultValue = "",
      description =
          "where each notice is posted as JSON, signed where SALVOR_WEBHOOK_SECRET is set")
  String webhook = "";

  private final Session session;
  private final Wiring wiring;

  ServeVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    StateDir dir = where.ownDir(session);
    Controllers.Platform platform = OwnController.platform(session, dir, wiring);
    Wiring.Approach approach =
        new Wiring.Approach(platform.tunnel(), "", session.installation().toAbsolutePath());
    session
        .out()
        .println(
            "Serving on %s; Ctrl-C ends it, and leaves every box as it is.".formatted(monitor));
    return wiring
        .controller()
        .run(
            new Wiring.ControllerOptions(
                dir,
                platform.url(),
                platform.apiKeyFile(),
                platform.listen(),
                platform.sandbox(),
                approach,
                new Wiring.Monitoring(monitor, webhook, true)));
  }
}
