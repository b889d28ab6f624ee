package dev.salvor.controller.cli;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.view.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor adopt`: looks after a box that was rented by hand.
@Command(
    name = "adopt",
    description = {
      "Look after a box that you rented by hand: bring it the agent, copy its checkpoints out, tell"
          + " what it costs.",
      "With a run.yaml its job is started there, and goes on elsewhere when the box is lost."
          + " Without one, what you run there is left alone."
    })
final class AdoptVerb implements Callable<Integer> {
  /// The box is there already, and keeps the disk that it has.
  private static final int ANY_DISK = 1;

  @Mixin final Where where = new Where();

  @Parameters(index = "0", paramLabel = "INSTANCE", description = "its number at the platform")
  long instance;

  @Parameters(index = "1", arity = "0..1", paramLabel = "FILE.yaml", description = "a run.yaml")
  Optional<Path> file = Optional.empty();

  @Option(names = "--job", paramLabel = "NAME", description = "(default: box-INSTANCE)")
  Optional<String> job = Optional.empty();

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "on the box; repeatable (default: /workspace)")
  List<String> checkpoints = List.of();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "on the box; repeatable (default: /work)")
  List<String> results = List.of();

  @Option(names = "--budget", paramLabel = "USD", description = "from now on (default: 20)")
  Optional<Double> budget = Optional.empty();

  private final Session session;
  private final Wiring wiring;

  AdoptVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    Request.Adopt request = request();
    StateDir own = where.ownDir(session);
    if (where.dir(session).equals(own) && DeskClient.find(own).isEmpty()) {
      DeskClient _ = OwnController.open(session, own, wiring);
    }
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(request);
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }

  private Request.Adopt request() throws Failure {
    if (file.isEmpty()) {
      return new Request.Adopt(instance, lookingAfter(), Map.of());
    }
    if (!checkpoints.isEmpty() || !results.isEmpty()) {
      throw new Failure(
          Exit.USAGE,
          "Cannot take checkpoints and results from two places: the run.yaml names them.");
    }
    Specs.Reading read = new RunFiles(wiring, session).read(file.get(), "adopt a box for");
    RunSpec spec = read.spec().orElseThrow();
    wiring.specs().refuseKey(spec, read.secrets(), session);
    RunSpec named = job.isPresent() ? spec.named(name()) : spec;
    RunSpec.Finish asking =
        new RunSpec.Finish(
            spec.finish().after(), false, spec.finish().unattended(), spec.finish().lease());
    RunSpec asked = named.with(asking).with(named.box().syncing(""));
    return new Request.Adopt(
        instance, budget.isPresent() ? asked.with(usd()) : asked, read.secrets());
  }

  private RunSpec lookingAfter() throws Failure {
    return new RunSpec(
        name(),
        RunSpec.Job.lookingAfter(
            absolute(checkpoints, "/workspace", "--checkpoints"),
            absolute(results, "/work", "--results")),
        RunSpec.Market.none(ANY_DISK),
        new RunSpec.Finish(RunSpec.After.DESTROY, false),
        usd());
  }

  private static List<String> absolute(List<String> given, String usual, String flag)
      throws Failure {
    for (String path : given) {
      if (!path.startsWith("/") || (path + "/").contains("/../")) {
        throw new Failure(
            Exit.USAGE,
            "Cannot use %s %s: write a path on the box that begins with /."
                .formatted(flag, Words.printable(path)));
      }
    }
    return given.isEmpty() ? List.of(usual) : given;
  }

  private Usd usd() throws Failure {
    double dollars = budget.orElse(RunPlan.BUDGET);
    if (!(dollars > 0 && dollars <= 1e6)) {
      throw new Failure(
          Exit.USAGE, "Cannot spend $%s: --budget takes an amount over 0.".formatted(dollars));
    }
    return Usd.of(dollars);
  }

  private RunId name() throws Failure {
    String name = job.orElse("box-" + instance);
    try {
      return new RunId(name);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          Exit.USAGE,
          "Cannot name a run '%s': names have lower-case letters, digits, '-' and '_', 40 at most."
              .formatted(Words.printable(name)),
          e);
    }
  }
}
