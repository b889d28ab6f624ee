package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Json;
import dev.salvor.controller.view.DetailView;
import dev.salvor.controller.view.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor instance ID`, `volumes` and `user`: one thing at the platform, fact by fact.
abstract sealed class DetailVerb implements Callable<Integer> {
  @Option(names = "--raw", description = "the platform's own JSON")
  boolean raw;

  @Option(names = "--output", paramLabel = "text|json", defaultValue = "TEXT")
  Output output = Output.TEXT;

  private final Session session;
  private final Wiring wiring;

  private DetailVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  abstract DetailView look(Account account) throws Failure;

  /// What is said where there is no fact to tell.
  String nothing() {
    return "the platform says nothing of it";
  }

  @Override
  public Integer call() throws Failure {
    DetailView view = look(wiring.market().open(session));
    if (raw) {
      session.out().println(view.raw());
    } else if (output == Output.JSON) {
      session.out().println(Json.pretty(view));
    } else {
      List<List<String>> rows =
          view.facts().stream()
              .map(fact -> List.of(fact.name(), Words.printable(fact.value())))
              .toList();
      Texts.table(rows).forEach(session.out()::println);
      if (rows.isEmpty()) {
        session.err().println("salvor: " + nothing());
      }
    }
    return Exit.OK.code();
  }

  /// One rental.
  @Command(name = "instance", description = "Show one instance as the platform has it.")
  static final class Instance extends DetailVerb {
    @Parameters(paramLabel = "ID", description = "its number")
    long id;

    Instance(Session session, Wiring wiring) {
      super(session, wiring);
    }

    @Override
    DetailView look(Account account) throws Failure {
      return account.instance(id);
    }
  }

  /// The account's volumes.
  @Command(name = "volumes", description = "List the account's volumes, which bill until deleted.")
  static final class Volumes extends DetailVerb {
    Volumes(Session session, Wiring wiring) {
      super(session, wiring);
    }

    @Override
    DetailView look(Account account) throws Failure {
      return account.volumes();
    }

    @Override
    String nothing() {
      return "the account has no volumes";
    }
  }

  /// The account itself.
  @Command(name = "user", description = "Show the account and its credit.")
  static final class User extends DetailVerb {
    User(Session session, Wiring wiring) {
      super(session, wiring);
    }

    @Override
    DetailView look(Account account) throws Failure {
      return account.user();
    }
  }
}
