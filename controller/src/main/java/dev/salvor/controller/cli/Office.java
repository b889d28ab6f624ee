package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.Archive;
import dev.salvor.controller.desk.Counter;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// Where a verb goes with its question, and how it prints what every answer carries.
final class Office {
  private final Session session;
  private final Where where;
  private final Counter counter;

  private Office(Session session, Where where, Counter counter) {
    this.session = session;
    this.where = where;
    this.counter = counter;
  }

  /// The running controller; for reading, also the journal of one that has ended.
  static Office find(Session session, Where where, Wiring.RecordsCall records)
      throws DeskException {
    StateDir dir = where.dir(session);
    Optional<DeskClient> running = DeskClient.find(dir);
    if (running.isPresent()) {
      return new Office(session, where, running.get());
    }
    if (never(session, where)) {
      throw new DeskException(
          DeskException.Kind.NO_CONTROLLER,
          "No controller has ever run on %s. 'salvor demo' starts one, or name another place with --state-dir."
              .formatted(dir.root()));
    }
    return new Office(session, where, new Archive(records.read(dir)));
  }

  /// No controller was ever started there.
  static boolean never(Session session, Where where) {
    StateDir dir = where.dir(session);
    return !Files.isDirectory(dir.root()) || !Files.exists(dir.lock());
  }

  /// Asks, prints what its user must be told, and gives the answer back.
  Answer ask(Request request) throws DeskException {
    Answer answer = counter.ask(request);
    Notices.print(answer.notices(), session.err());
    return answer;
  }

  /// Asks what another question depends on, whose answer carries the same notices.
  Answer peek(Request request) throws DeskException {
    return counter.ask(request);
  }

  /// As `ask`, for a stream; its notices are told once each.
  void follow(Request request, Counter.Listener listener) throws DeskException {
    counter.follow(request, listener);
  }

  /// Prints data: as it is for programs, or as these lines for people.
  void print(Answer answer, List<String> lines) {
    if (where.json()) {
      session.out().println(Json.pretty(answer.body()));
    } else {
      lines.forEach(session.out()::println);
    }
    session.out().flush();
  }
}
