package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.RunView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor status`: one run now.
@Command(
    name = "status",
    description = "Show one run: its box, progress, frontier, exposure, money and last events.")
final class StatusVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest unfinished")
  String run = "";

  private final Session session;
  private final Wiring wiring;

  StatusVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Status(run));
    office.print(answer, Texts.status(answer.as(RunView.class), session.zone()));
    return Exit.OK.code();
  }
}
