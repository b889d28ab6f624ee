package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.view.Phase;
import dev.salvor.controller.view.SummaryView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens a market on this machine, has a run carried there, shows it, sums it up, and tidies up.
final class Demo {
  private final Session session;
  private final Where where;
  private final String listen;
  private final StateDir dir;

  Demo(Session session, Where where, String listen) {
    this.session = session;
    this.where = where;
    this.listen = listen;
    this.dir = where.demoDir(session);
  }

  Exit run(DemoPlan plan) throws DeskException, Failure {
    dir.prepare();
    Interrupts interrupts = Interrupts.counting();
    Path bundle = Bundle.make(dir.bundle(), session.installation());
    say("starting a market and a controller on this machine, state in " + dir.root());
    lacking()
        .ifPresent(tool ->
            say(
                "no %s on this machine: the paused disk of the box that is lost will not be rescued; install it to see that part"
                    .formatted(tool)));
    Market market = Market.open(dir, bundle, plan);
    try {
      return carry(plan, market, interrupts);
    } catch (Failure | DeskException e) {
      leave(market);
      throw e;
    }
  }

  /// The first program that a rescue needs and this machine lacks.
  private Optional<String> lacking() {
    List<String> places = List.of(session.env().getOrDefault("PATH", "").split(":", -1));
    return Stream.of("rsync", "ssh", "ssh-keygen")
        .filter(
            tool -> places.stream().noneMatch(place -> Files.isExecutable(Path.of(place, tool))))
        .findFirst();
  }

  /// What is rented goes on, and a market where nothing is has nobody to end it but us.
  private void leave(Market market) throws DeskException, Failure {
    if (DeskClient.find(dir).isEmpty() && market.isEmpty()) {
      market.close();
      say("nothing is rented, and the market is closed: nothing of the demo runs any more");
    } else {
      say("what runs of the demo goes on; the same command again carries on");
    }
  }

  private Exit carry(DemoPlan plan, Market market, Interrupts interrupts)
      throws DeskException, Failure {
    DeskClient controller = Controllers.open(dir, platform(market, plan));
    Replies.Started started =
        controller.ask(new Request.Start(plan.spec(), secrets(plan))).as(Replies.Started.class);
    String run = started.run().value();
    say("run %s %s".formatted(run, started.carriedOn() ? "is carried on" : "begins"));
    if (!started.carriedOn() && plan.faults().isPresent()) {
      market.arm(plan.faults().get());
    }
    int pressed = new Attach(controller, run, interrupts, show()).stay();
    Answer answer = controller.ask(new Request.Summary(run));
    SummaryView summary = answer.as(SummaryView.class);
    report(summary, answer);
    if (lacking().isPresent()
        && pressed == 0
        && summary.run().phase() == Phase.PARKED
        && !plan.keep()) {
      say("the box whose disk nobody could look at ends with its market");
      tidy(controller, market, 2);
      return Exit.OK;
    }
    boolean stays = pressed < 2 && !summary.run().boxes().isEmpty();
    if (plan.keep() || stays) {
      keep(summary, controller, market);
    } else {
      tidy(controller, market, pressed);
    }
    return pressed > 0 ? Exit.INTERRUPTED : Exit.of(summary.run().phase());
  }

  /// From this verb's environment, where its user put them.
  private Map<String, String> secrets(DemoPlan plan) {
    Map<String, String> secrets = new HashMap<>();
    plan.care().secrets().forEach(n -> secrets.put(n, session.env().getOrDefault(n, "")));
    return secrets;
  }

  private Controllers.Platform platform(Market market, DemoPlan plan) throws Failure {
    try {
      Files.deleteIfExists(dir.marketKey());
      Files.createFile(dir.marketKey());
      StateDir.closeToOthers(dir.marketKey());
      Files.writeString(dir.marketKey(), market.key());
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot write %s: %s. Make room there, or name another place with --state-dir."
              .formatted(dir.marketKey(), e),
          e);
    }
    return new Controllers.Platform(market.url(), dir.marketKey(), listen, true, plan.bare());
  }

  /// Data goes to stdout: where that is JSON, what happens meanwhile goes to stderr.
  private Attach.Show show() {
    if (where.json()) {
      return Attach.Show.plain(session.err());
    }
    return session.redraws()
        ? Attach.Show.live(new Screen(session.out(), session.ansi()), session.zone())
        : Attach.Show.plain(session.out());
  }

  private void report(SummaryView summary, Answer answer) {
    Notices.print(answer.notices(), session.err());
    PrintStream out = session.out();
    if (where.json()) {
      out.println(Json.pretty(answer.body()));
    } else {
      out.println();
      SummaryText.of(summary, session.zone()).forEach(out::println);
      out.println("more      " + verb("explain " + summary.run().run()));
    }
    out.flush();
  }

  private void keep(SummaryView summary, DeskClient controller, Market market) {
    String run = summary.run().run().value();
    SummaryText.left(summary.run(), verb("destroy " + run)).forEach(this::say);
    say(
        "the controller (pid %d) and the market (pid %d) go on; %s shows them"
            .formatted(controller.pid(), market.pid(), verb("ps")));
    say(
        "once nothing is rented both end by themselves, the market after 10 minutes; at once: kill %d"
            .formatted(market.pid()));
  }

  private void tidy(DeskClient controller, Market market, int pressed)
      throws DeskException, Failure {
    if (pressed >= 2) {
      say("closing the market: every box stops, and so does its meter; what is home stays home");
      market.close();
      Controllers.close(controller, true);
    } else {
      Controllers.close(controller, false);
      market.close();
    }
    say("the market is closed: nothing of the demo runs any more");
  }

  private String verb(String words) {
    String dirOption =
        where.dir(session).root().equals(dir.root()) && where.stateDir.isEmpty()
            ? ""
            : " --state-dir " + dir.root();
    return "./salvor " + words + dirOption;
  }

  private void say(String line) {
    session.err().println(line);
  }
}
