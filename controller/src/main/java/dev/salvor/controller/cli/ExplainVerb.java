package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor explain`: what was decided, why, and on what evidence.
@Command(
    name = "explain",
    description =
        "Tell every decision of a run: when, what, why, what was known then, and what happened"
            + " between.")
final class ExplainVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest unfinished")
  String run = "";

  private final Session session;
  private final Wiring wiring;

  ExplainVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Explain(run));
    Replies.Decisions told = answer.as(Replies.Decisions.class);
    office.print(answer, Texts.story(told.decisions(), told.events(), session.zone()));
    return Exit.OK.code();
  }
}
