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
import picocli.CommandLine.Parameters;

/// `salvor checkpoint`: save now.
@Command(
    name = "checkpoint",
    description = "Ask the running job for a checkpoint now, where its spec says how.")
final class CheckpointVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest unfinished")
  String run = "";

  private final Session session;
  private final Wiring wiring;

  CheckpointVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.AskCheckpoint(run, "salvor checkpoint"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }
}
