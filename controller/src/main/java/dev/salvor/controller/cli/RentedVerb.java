package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Json;
import dev.salvor.controller.view.RentedView;
import dev.salvor.controller.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `salvor instances`: every rental of the account, whoever made it.
@Command(
    name = "instances",
    description = "List every instance of the account at the platform, whoever rented it.")
final class RentedVerb implements Callable<Integer> {
  @Option(names = "--raw", description = "the platform's own JSON")
  boolean raw;

  @Option(names = "--output", paramLabel = "text|json", defaultValue = "TEXT")
  Output output = Output.TEXT;

  private final Session session;
  private final Wiring wiring;

  RentedVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Failure {
    RentedView view = wiring.market().open(session).instances();
    if (raw) {
      session.out().println(view.raw());
    } else if (output == Output.JSON) {
      session.out().println(Json.pretty(view));
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("INSTANCE", "STATUS", "GPU", "BURN/h", "LABEL", "THE PLATFORM SAYS"));
      for (RentedView.Line line : view.instances()) {
        rows.add(
            List.of(
                Long.toString(line.id()),
                line.status(),
                line.gpus() + " x " + Words.printable(line.gpu()),
                String.format(Locale.ROOT, "$%.4f", line.burn()),
                line.label().isEmpty() ? "-" : Words.printable(line.label()),
                Words.printable(line.words())));
      }
      Texts.table(rows).forEach(session.out()::println);
    }
    return Exit.OK.code();
  }
}
