package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Words;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor logs`: what the job prints, the platform's own log of the box, or the run's timeline.
@Command(
    name = "logs",
    description = {
      "Show the job's last lines as the controller has them, or with --events the run's timeline.",
      "Of a box that does not speak to us the platform's own log is shown."
    })
final class LogsVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN|INSTANCE",
      description = "default: the newest unfinished run")
  String target = "";

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

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "lines with this text only")
  String filter = "";

  @Option(names = "--daemon-logs", description = "what the platform's daemon says of the box")
  boolean daemon;

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
    if (PlatformLog.isNumber(target)) {
      platform(PlatformLog.number(target));
      return Exit.OK.code();
    }
    Office office = Office.find(session, where, wiring.records());
    if (events) {
      Answer answer = office.ask(new Request.Timeline(target));
      office.print(
          answer, Texts.timeline(answer.as(Replies.Events.class).events(), session.zone()));
      return Exit.OK.code();
    }
    Optional<Long> silent = box(office);
    if (silent.isPresent()) {
      Answer _ = office.ask(new Request.Status(target));
      platform(silent.get());
    } else if (follow) {
      office.follow(new Request.Logs(target, tail, true), this::more);
    } else {
      Answer answer = office.ask(new Request.Logs(target, tail, false));
      office.print(answer, lines(answer));
    }
    return Exit.OK.code();
  }

  /// The box to ask the platform about: where its daemon is meant, or there is no link and nothing
  /// of the job is known.
  private Optional<Long> box(Office office) throws DeskException {
    RunView run = office.peek(new Request.Status(target)).as(RunView.class);
    if (run.boxes().isEmpty() || run.boxes().getLast().instance() == 0) {
      return Optional.empty();
    }
    boolean linked = run.boxes().getLast().verdict().equals("alive");
    boolean known = !run.progress().lastLine().isEmpty();
    return daemon || (!linked && !known)
        ? Optional.of(run.boxes().getLast().instance())
        : Optional.empty();
  }

  private void platform(long instance) throws Failure {
    session
        .err()
        .println(
            "salvor: %s of instance %d, by the platform's word"
                .formatted(daemon ? "the daemon's log" : "the container's log", instance));
    Account account = wiring.market().open(session, where.dir(session));
    Optional<String> meaning = account.words(instance).flatMap(Words::meaning);
    explain(meaning);
    new PlatformLog(account, instance, new PlatformLog.Part(tail, filter, daemon))
        .print(
            session.out(),
            follow,
            line -> {
              if (meaning.isEmpty()) {
                explain(Words.meaning(line));
              }
            });
  }

  /// What the platform's words do not say themselves.
  private void explain(Optional<String> meaning) {
    meaning.ifPresent(m ->
        session.err().println("salvor: this box cannot start so: " + Words.printable(m) + "."));
  }

  private List<String> lines(Answer answer) throws DeskException {
    return answer.as(LogView.class).lines().stream()
        .filter(line -> line.contains(filter))
        .map(Words::printable)
        .toList();
  }

  /// One line of JSON an answer, so that a reader can follow too.
  private boolean more(Answer answer) throws DeskException {
    if (where.json()) {
      session.out().println(Json.line(answer.body()));
    } else {
      lines(answer).forEach(session.out()::println);
    }
    session.out().flush();
    return !session.out().checkError();
  }
}
