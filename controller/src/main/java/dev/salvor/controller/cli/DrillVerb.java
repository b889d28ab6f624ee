package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor drill`: does the run survive a stop?
@Command(
    name = "drill",
    description =
        "Stop a run's box after a verified checkpoint and start it again, to see that its job goes"
            + " on from there. While it stands still its GPU may go to somebody else.")
final class DrillVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest unfinished")
  String run = "";

  @Option(names = "--yes", description = "the GPU may be lost: go on")
  boolean yes;

  private final Session session;
  private final Wiring wiring;

  DrillVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    if (!yes) {
      throw new Failure(
          Exit.REFUSED,
          "A drill stops a box that works, and its GPU may go to somebody else before it is started again: then the run goes on as after any loss. If that is well, say so: 'salvor drill %s--yes'."
              .formatted(run.isEmpty() ? "" : run + " "));
    }
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Drill(run, "salvor drill"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }
}
