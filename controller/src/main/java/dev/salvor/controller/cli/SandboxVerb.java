package dev.salvor.controller.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `salvor sandbox`: a marketplace on this machine, to rehearse in.
@Command(
    name = "sandbox",
    description =
        "Run a marketplace on this machine that answers like vast.ai and whose boxes are real"
            + " processes.")
final class SandboxVerb implements Callable<Integer> {
  /// A year: past that, a number is a mistake.
  private static final double MAX_RIVALS = 3.2e7;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "where it keeps its books and its boxes' disks (default: the demo's market)")
  Optional<Path> stateDir = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "on loopback; 0 for any (default)")
  int port;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "what boxes are handed: agent.jar and examples/ (default: of this checkout)")
  Optional<Path> bundle = Optional.empty();

  @Option(
      names = "--faults",
      paramLabel = "FILE",
      description = "a JSON list of what shall go wrong, [{\"kind\":\"outbid\",…}]")
  Optional<Path> faults = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "the same seed has the same offers and delays (default: 1)")
  long seed;

  @Option(
      names = "--fault",
      paramLabel = "KIND[,KEY=VALUE…]",
      description = "one thing that shall go wrong, such as outbid,after_running_s=30; repeatable")
  List<String> fault = List.of();

  @Option(
      names = "--rivals",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "strangers bid for each machine, or take it, once in so many seconds (default: 0, none)")
  double rivals;

  @Option(
      names = "--rate-limits",
      description = "answer 429 to who asks more often than the platform lets him")
  boolean rateLimits;

  @Option(
      names = "--idle-exit",
      paramLabel = "MINUTES",
      defaultValue = "0",
      description = "end by itself when nobody has called for so long (default: 0, never)")
  int idleMinutes;

  @Option(names = "--bare", description = "boxes come without an agent, as from any public image")
  boolean bare;

  @Option(names = "--wipe", description = "when it ends, remove its books and its boxes' disks")
  boolean wipe;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "TEXT",
      description = "how to say where it answers (default: text)")
  Output output = Output.TEXT;

  private final Session session;
  private final Wiring wiring;

  SandboxVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    if (!(rivals >= 0 && rivals < MAX_RIVALS)) {
      throw new Failure(
          Exit.USAGE,
          "Cannot have a rival every %s s. Give a number of seconds, 0 for none."
              .formatted(rivals));
    }
    List<String> faultJson = new ArrayList<>();
    for (String text : fault) {
      faultJson.add(FaultFlag.json(text));
    }
    Where where = new Where();
    Path dir = stateDir.orElseGet(() -> where.demoDir(session).market());
    Path handed =
        bundle.isPresent()
            ? bundle.get()
            : Bundle.make(dir.resolve("bundle"), session.installation());
    return wiring
        .sandbox()
        .run(
            new Wiring.SandboxOptions(
                dir,
                port,
                handed,
                faults,
                seed,
                output == Output.JSON,
                new Wiring.SandboxManner(
                    rateLimits, rivals, faultJson, wipe, bare, Duration.ofMinutes(idleMinutes))));
  }
}
