package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.DeskException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `salvor demo`: the whole story on this machine.
@Command(
    name = "demo",
    description = {
      "Train a small model on a rented box that is taken away in the middle, and see it saved.",
      "Everything runs on this machine: the marketplace, its boxes, the controller."
    })
final class DemoVerb implements Callable<Integer> {
  private static final Pattern LISTENS =
      Pattern.compile("SIG(?:USR1|USR2|HUP|TERM)|file:/[^\\x00]+");

  @Mixin final Where where = new Where();

  @Option(names = "--keep", description = "leave the box, the market and the controller running")
  boolean keep;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "offers, delays, data order and the moment of the loss (default: 1)")
  long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "" + DemoPlan.STEPS,
      description = "how far to train (default: " + DemoPlan.STEPS + ")")
  int steps;

  @Option(
      names = "--outbid-at",
      paramLabel = "STEP|never",
      defaultValue = "",
      description = "when the box is taken away (default: about the middle)")
  String outbidAt = "";

  @Option(
      names = "--job",
      paramLabel = "CMD",
      description = "run this instead; it finds /workspace for checkpoints and /work for results")
  Optional<String> job = Optional.empty();

  @Option(
      names = "--task",
      paramLabel = "CMD",
      description = "with --task again: these in order; one that is done is not run again")
  List<String> tasks = List.of();

  @Option(
      names = "--listens",
      paramLabel = "SIGUSR1|file:PATH",
      defaultValue = "",
      description = "how the job is asked for a checkpoint (default: it is not)")
  String listens = "";

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "hand this variable of yours to the job, past the platform and the journal")
  List<String> secrets = List.of();

  @Option(
      names = "--verify",
      paramLabel = "CMD",
      defaultValue = "",
      description =
          "on this machine: must also accept each copy before it counts; {path} is the copy")
  String verify = "";

  @Option(
      names = "--bare",
      description =
          "as on a real marketplace: boxes come without the agent, which is brought to them by ssh,"
              + " and reach this machine through a tunnel only")
  boolean bare;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description = "where boxes reach the controller (default: any port on loopback)")
  String listen = "";

  private final Session session;

  DemoVerb(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    if (steps < 1) {
      throw new Failure(
          Exit.USAGE, "Cannot train %d steps: --steps takes 1 or more.".formatted(steps));
    }
    if (job.isPresent() && job.get().isBlank()) {
      throw new Failure(Exit.USAGE, "Cannot run an empty job: --job takes a command.");
    }
    if (!listen.matches(".+:\\d{1,5}")) {
      throw new Failure(
          Exit.USAGE,
          "Cannot listen on '%s': --listen takes HOST:PORT, as 127.0.0.1:0.".formatted(listen));
    }
    DemoPlan plan = new DemoPlan(job, steps, seed, outbid(), keep, bare, care());
    return new Demo(session, where, listen).run(plan).code();
  }

  private RunSpec.Care care() throws Failure {
    if (!listens.isEmpty() && !LISTENS.matcher(listens).matches()) {
      throw new Failure(
          Exit.USAGE,
          "No job listens to '%s': --listens takes SIGUSR1, SIGUSR2, SIGHUP, SIGTERM or file:/PATH."
              .formatted(listens));
    }
    for (String name : secrets) {
      if (session.env().getOrDefault(name, "").isBlank()) {
        throw new Failure(
            Exit.USAGE,
            "Cannot hand on the secret %s: it is not set here. Export it, then run this again."
                .formatted(name));
      }
    }
    return RunSpec.Care.usual(tasks, listens, secrets, verify);
  }

  private OptionalLong outbid() throws Failure {
    if (outbidAt.equals("never")) {
      return OptionalLong.empty();
    }
    if (outbidAt.isEmpty()) {
      return OptionalLong.of(DemoPlan.middle(steps, seed));
    }
    if (!outbidAt.matches("\\d{1,9}")) {
      throw new Failure(
          Exit.USAGE,
          "Cannot be outbid at '%s': --outbid-at takes a step or 'never'.".formatted(outbidAt));
    }
    return OptionalLong.of(Long.parseLong(outbidAt));
  }
}
