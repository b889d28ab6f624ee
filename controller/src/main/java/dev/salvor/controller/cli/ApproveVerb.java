package dev.salvor.controller.cli;

import dev.salvor.common.unit.SpanText;
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

/// `salvor approve`: the yes that a permit needs.
@Command(
    name = "approve",
    description = "Say yes to destroying a run's boxes once everything on them is home.")
final class ApproveVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(paramLabel = "RUN", description = "the run")
  String run = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "how long the yes holds (default: ${DEFAULT-VALUE}); \"run\": as the run does")
  String span = "24h";

  private final Session session;
  private final Wiring wiring;

  ApproveVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    Office office = Office.find(session, where, wiring.records());
    Answer answer = office.ask(new Request.Approve(run, "salvor approve", seconds()));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }

  private long seconds() throws Failure {
    if (span.equals("run")) {
      return 0;
    }
    return SpanText.parse(span)
        .filter(time -> !time.isZero())
        .orElseThrow(() ->
            new Failure(
                Exit.USAGE,
                "Cannot use --for %s: write %s, or \"run\"."
                    .formatted(Words.printable(span), SpanText.SHAPE)))
        .toSeconds();
  }
}
