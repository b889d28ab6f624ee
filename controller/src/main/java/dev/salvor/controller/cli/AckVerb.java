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

/// `salvor ack`: I have read it.
@Command(name = "ack", description = "Acknowledge a notice, so that verbs no longer repeat it.")
final class AckVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(index = "0", paramLabel = "N", description = "the notice's number")
  long number;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "RUN",
      description = "needed where several runs have a notice of that number")
  String run = "";

  private final Session session;
  private final Wiring wiring;

  AckVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Acknowledge(run, number, "salvor ack"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }
}
