package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.RunRow;
import dev.salvor.controller.view.SummaryView;
import dev.salvor.controller.view.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor pull`: a run's results, or what lies in /work of any instance, to this machine.
@Command(
    name = "pull",
    description = {
      "Bring a run's newest results (or a checkpoint) to work_remote/RUN, each byte verified.",
      "Of a box that no run of ours has, or whose results are not home yet, /work is copied as it"
          + " is."
    })
final class PullVerb implements Callable<Integer> {
  @Mixin final Doorway doorway = new Doorway();

  @Parameters(paramLabel = "RUN|INSTANCE", description = "whose results")
  String target = "";

  @Option(names = "--to", paramLabel = "DIR", description = "(default: work_remote/NAME)")
  Optional<Path> to = Optional.empty();

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "the checkpoint at this step, in the place of the results")
  OptionalLong step = OptionalLong.empty();

  private final Session session;
  private final Wiring wiring;

  PullVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    Optional<String> run = run();
    if (run.isEmpty()) {
      if (step.isPresent()) {
        throw new Failure(Exit.NOT_FOUND, "No run of ours has instance %s.".formatted(target));
      }
      return copy("is not of a run of ours");
    }
    Office office = Office.find(session, doorway.where, wiring.records());
    Answer answer = office.ask(new Request.Summary(run.get()));
    SummaryView summary = answer.as(SummaryView.class);
    String name = summary.run().run().value();
    if (step.isPresent()) {
      return checkpoint(summary, to.orElseGet(() -> Results.usual(name + "-step-" + stepName())));
    }
    Path place = to.orElseGet(() -> Results.usual(name));
    Optional<Wiring.Pulled> pulled = new Results(wiring.pull()).bring(summary, place);
    if (pulled.isPresent()) {
      say(Results.words(pulled.get()) + age(summary, pulled.get()));
      return Exit.OK.code();
    }
    if (summary.run().boxes().isEmpty()) {
      throw new Failure(
          Exit.NOT_FOUND,
          "Run %s has no results at home, and no box that could have some."
              .formatted(summary.run().run()));
    }
    return copy("has brought no results home yet");
  }

  private String stepName() {
    return Long.toString(step.orElseThrow());
  }

  private int checkpoint(SummaryView summary, Path place) throws Failure {
    Optional<Wiring.Pulled> pulled =
        new Results(wiring.pull()).bring(summary, step.orElseThrow(), place);
    if (pulled.isEmpty()) {
      String steps =
          summary.homes().stream()
              .filter(home -> home.kind().equals("checkpoint"))
              .map(home -> Long.toString(home.step()))
              .distinct()
              .collect(Collectors.joining(", "));
      throw new Failure(
          Exit.NOT_FOUND,
          "Run %s has no checkpoint at step %s at home. %s"
              .formatted(
                  summary.run().run(),
                  stepName(),
                  steps.isEmpty() ? "It has none yet." : "It has those at " + steps + "."));
    }
    say(Results.words(pulled.get()));
    return Exit.OK.code();
  }

  private static String age(SummaryView summary, Wiring.Pulled pulled) {
    Duration old = Duration.between(pulled.written(), summary.run().asOf());
    return summary.run().phase().over()
        ? ""
        : "; written %s ago, and the run goes on: more may come".formatted(Words.time(old));
  }

  /// The run that is meant; empty for an instance that no run of ours has.
  private Optional<String> run() throws DeskException {
    if (target.isEmpty() || !target.chars().allMatch(Character::isDigit)) {
      return Optional.of(target);
    }
    try {
      Office office = Office.find(session, doorway.where, wiring.records());
      List<RunRow> rows = office.ask(new Request.Ps()).as(Replies.Runs.class).runs();
      return rows.stream()
          .filter(row -> Long.toString(row.instance()).equals(target))
          .map(row -> row.run().value())
          .findFirst();
    } catch (DeskException e) {
      if (e.kind() == DeskException.Kind.NO_CONTROLLER) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// What lies on the box now, without a manifest to check it by.
  private int copy(String why) throws DeskException, Failure {
    DoorView door = doorway.find(session, wiring, target);
    DoorView.Way way = doorway.way(door);
    Path place = to.orElseGet(() -> Results.usual(target));
    WorkCopy.Copied copied = WorkCopy.of(way, place);
    say(
        "%s: %s, %s from /work of instance %d, copied, not verified: it %s"
            .formatted(
                Results.here(copied.place()),
                Words.count(copied.files(), "file"),
                Words.bytes(copied.bytes()),
                door.instance(),
                why));
    return Exit.OK.code();
  }

  private void say(String line) {
    session.out().println(line);
    session.out().flush();
  }
}
