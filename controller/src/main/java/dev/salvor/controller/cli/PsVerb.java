package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `salvor ps`: every run in one line.
@Command(name = "ps", description = "List every run: where it is, how far, and what it costs.")
final class PsVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();
  private final Session session;
  private final Wiring wiring;

  PsVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Ps());
    office.print(answer, Texts.runs(answer.as(Replies.Runs.class), session.zone()));
    return Exit.OK.code();
  }
}
