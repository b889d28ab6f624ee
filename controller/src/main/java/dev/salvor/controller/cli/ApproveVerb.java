package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor approve`: the yes that a permit needs.
@Command(
    name = "approve",
    description = "Say yes to destroying a run's boxes once everything on them is home.")
final class ApproveVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(paramLabel = "RUN", description = "the run")
  String run = "";

  private final Session session;
  private final Wiring wiring;

  ApproveVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Approve(run, "salvor approve"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + noted.what()));
    return Exit.OK.code();
  }
}
