package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor logs`: what the job prints, or the run's timeline.
@Command(
    name = "logs",
    description =
        "Show the job's last lines as the controller has them, or with --events the run's"
            + " timeline.")
final class LogsVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "default: the newest unfinished")
  String run = "";

  @Option(
      names = {"-f", "--follow"},
      description = "go on until the run is over")
  boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "N",
      defaultValue = "50",
      description = "how many lines to begin with (default: 50)")
  int tail;

  @Option(names = "--events", description = "what happened to the run, instead of the job's lines")
  boolean events;

  private final Session session;
  private final Wiring wiring;

  LogsVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    if (tail < 0) {
      throw new Failure(
          Exit.USAGE, "Cannot show %d lines: --tail takes 0 or more.".formatted(tail));
    }
    Office office = Office.find(session, where, wiring.records());
    if (events) {
      Answer answer = office.ask(new Request.Timeline(run));
      office.print(
          answer, Texts.timeline(answer.as(Replies.Events.class).events(), session.zone()));
    } else if (follow) {
      office.follow(new Request.Logs(run, tail, true), this::more);
    } else {
      Answer answer = office.ask(new Request.Logs(run, tail, false));
      office.print(
          answer, answer.as(LogView.class).lines().stream().map(Words::printable).toList());
    }
    return Exit.OK.code();
  }

  /// One line of JSON an answer, so that a reader can follow too.
  private boolean more(Answer answer) throws DeskException {
    if (where.json()) {
      session.out().println(Json.line(answer.body()));
    } else {
      answer.as(LogView.class).lines().forEach(l -> session.out().println(Words.printable(l)));
    }
    session.out().flush();
    return !session.out().checkError();
  }
}
