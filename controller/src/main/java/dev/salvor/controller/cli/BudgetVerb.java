package dev.salvor.controller.cli;

import dev.salvor.common.unit.Usd;
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

/// `salvor budget`: what a run may cost, changed while it goes on.
@Command(
    name = "budget",
    description =
        "Change what a run may cost, all in all. What bringing home costs is kept back of it.")
final class BudgetVerb implements Callable<Integer> {
  /// More is a slip of the finger.
  private static final double MOST = 1_000_000;

  @Mixin final Where where = new Where();

  @Parameters(index = "0", paramLabel = "RUN", description = "the run")
  String run = "";

  @Parameters(index = "1", paramLabel = "USD", description = "in US dollars, such as 25 or 12.50")
  double usd;

  private final Session session;
  private final Wiring wiring;

  BudgetVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    if (!(usd > 0 && usd <= MOST)) {
      throw new Failure(
          Exit.USAGE,
          "A budget is over 0 and at most %.0f US dollars, not %s.".formatted(MOST, usd));
    }
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Budget(run, Usd.of(usd).micros(), "salvor budget"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }
}
