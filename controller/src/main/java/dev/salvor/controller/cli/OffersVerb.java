package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.OffersView;
import dev.salvor.controller.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor offers QUERY`: what is for rent, by what it will really cost.
@Command(
    name = "offers",
    description =
        "List what is for rent, cheapest first by GPU, disk, traffic and boot together. The query"
            + " is that of 'vastai search offers'.")
final class OffersVerb implements Callable<Integer> {
  /// What a training job needs; each can be taken away with FIELD=any.
  static final String DEFAULTS = RunSpec.Market.USUAL_QUERY;

  @Parameters(
      arity = "0..*",
      paramLabel = "QUERY",
      description = "such as: gpu_name=RTX_4090 num_gpus=1 (default: " + DEFAULTS + ")")
  List<String> query = List.of();

  @Option(
      names = {"-o", "--order"},
      paramLabel = "FIELDS",
      defaultValue = "",
      description = "such as dph,reliability- (default: the all-in price)")
  String order = "";

  @Option(
      names = "--disk",
      paramLabel = "GB",
      defaultValue = "60",
      description = "disk to rent (default: 60)")
  int disk;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "",
      description = "leave out hosts whose driver is too old for its CUDA, by its name")
  String image = "";

  @Option(names = "--bid", description = "interruptible, at the least bid that runs now")
  boolean bid;

  @Option(names = "--hours", paramLabel = "H", defaultValue = "8", description = "for how long")
  double hours;

  @Option(
      names = "--down",
      paramLabel = "GB",
      defaultValue = "20",
      description = "expected onto the box: image and data (default: 20)")
  double down;

  @Option(
      names = "--up",
      paramLabel = "GB",
      defaultValue = "10",
      description = "expected off the box: checkpoints and results (default: 10)")
  double up;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "most offers to list (default: 20)")
  int limit;

  @Option(names = "--fields", description = "list the names that a query may use, with units")
  boolean fields;

  @Option(names = "--raw", description = "the platform's own JSON")
  boolean raw;

  @Option(
      names = "--max-price",
      paramLabel = "USD",
      description = "the most an hour may cost, GPU and disk; with --bid the least bid")
  Optional<Double> maxPrice = Optional.empty();

  @Mixin final Where where = new Where();

  private final Session session;
  private final Wiring wiring;

  OffersVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Failure, DeskException {
    if (maxPrice.isPresent() && !(maxPrice.get() > 0)) {
      throw new Failure(
          Exit.USAGE, "Cannot search offers: --max-price must be over 0. Correct it.");
    }
    if (disk < 1 || limit < 1 || !(hours > 0) || !(down >= 0) || !(up >= 0)) {
      throw new Failure(
          Exit.USAGE,
          "Cannot search offers: --disk, --limit and --hours must be over 0, --down and --up not"
              + " negative. Correct them.");
    }
    Account account = wiring.market().open(session);
    if (fields) {
      account.fields().forEach(session.out()::println);
      return Exit.OK.code();
    }
    // Later conditions on the same field stand beside the defaults, so one's own query has none.
    String asked = query.isEmpty() ? DEFAULTS : String.join(" ", query);
    OffersView view =
        account.offers(
            new Account.Question(
                asked,
                image,
                order,
                disk,
                bid,
                limit,
                new Account.Use(hours, down, up),
                maxPrice.isPresent() ? OptionalDouble.of(maxPrice.get()) : OptionalDouble.empty(),
                failed()));
    if (raw) {
      session.out().println(view.raw());
    } else if (where.json()) {
      session.out().println(Json.pretty(view));
    } else {
      print(view);
    }
    return Exit.OK.code();
  }

  /// Where no controller ever ran, no machine ever failed.
  private List<MachineView> failed() throws DeskException {
    return Office.never(session, where)
        ? List.of()
        : Office.find(session, where, wiring.records())
            .peek(new Request.Machines())
            .as(Replies.Machines.class)
            .machines();
  }

  private void print(OffersView view) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "OFFER",
            "GPU",
            "VRAM",
            "ALL-IN/h",
            "GPU+DISK/h",
            "TRAFFIC/h",
            "RELIABILITY",
            "VERIFIED",
            "PORTS",
            "CUDA",
            "DOWN",
            "UP",
            "DAYS",
            "PLACE",
            "MACHINE",
            "HELD AGAINST IT"));
    view.offers().forEach(line -> rows.add(row(line)));
    if (view.offers().isEmpty()) {
      session.err().println("salvor: " + view.nothing());
    } else {
      Texts.table(rows).forEach(session.out()::println);
      session.err().println(Words.printable(view.first()));
      view.last().forEach(line -> session.err().println("salvor: " + Words.printable(line)));
    }
  }

  private static List<String> row(OffersView.Line line) {
    return List.of(
        Long.toString(line.id()),
        line.gpus() + " x " + Words.printable(line.gpu()),
        number("%.0f GB", line.health().ramGb()),
        number("$%.4f", line.money().allIn()),
        number("$%.4f", line.money().price()),
        number("$%.4f", line.money().traffic()),
        number("%.3f", line.health().reliability()),
        Words.printable(line.health().verification()),
        Integer.toString(line.network().ports()),
        number("%.1f", line.health().cuda()),
        number("%.0f", line.network().down()),
        number("%.0f", line.network().up()),
        number("%.0f", line.days()),
        Words.printable(line.place()),
        Long.toString(line.machine()),
        line.held().isEmpty() ? "-" : "failed us");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
