package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.view.SummaryView;
import dev.salvor.controller.view.Words;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Has a run carried by the controller at the user's marketplace, stays with it, and brings its
/// results here.
final class Voyage {
  /// The last lines are there when the run is over; the rest is the way through a socket.
  private static final Duration LAST_LINES = Duration.ofSeconds(5);

  private final Session session;
  private final Where where;
  private final Wiring wiring;
  private final StateDir dir;

  Voyage(Session session, Where where, Wiring wiring) {
    this.session = session;
    this.where = where;
    this.wiring = wiring;
    this.dir = where.ownDir(session);
  }

  Exit run(RunPlan plan) throws DeskException, Failure {
    Map<String, String> secrets = secrets(plan);
    warnOfLogin(plan.spec());
    Interrupts interrupts = Interrupts.counting();
    DeskClient controller = OwnController.open(session, dir, wiring);
    Replies.Started started =
        controller.ask(new Request.Start(plan.spec(), secrets)).as(Replies.Started.class);
    String run = started.run().value();
    say("run %s %s".formatted(run, started.carriedOn() ? "is carried on" : "begins"));
    JobOutput output = JobOutput.follow(controller, run, jobOut());
    int pressed = new Attach(controller, run, interrupts, new Stages(session.err())).stay();
    output.end(LAST_LINES);
    Answer answer = controller.ask(new Request.Summary(run));
    SummaryView summary = answer.as(SummaryView.class);
    if (plan.flags().shell && pressed == 0 && !summary.run().boxes().isEmpty()) {
      int _ = ShellVerb.open(session, wiring, doorway(plan), run);
    }
    if (!plan.flags().noPull) {
      results(summary);
    }
    Notices.print(answer.notices(), session.err());
    closing(summary);
    if (where.json()) {
      session.out().println(Json.pretty(answer.body()));
      session.out().flush();
    }
    return pressed > 0 ? Exit.INTERRUPTED : Exit.of(summary.run().phase());
  }

  private Doorway doorway(RunPlan plan) {
    return Doorway.beside(where, plan.flags().sshKey);
  }

  /// Data goes to stdout: where that is JSON, the job's lines go to stderr.
  private PrintStream jobOut() {
    return where.json() ? session.err() : session.out();
  }

  /// The platform keeps what it is given, also how the image is pulled.
  private void warnOfLogin(RunSpec spec) {
    if (login(spec)) {
      say("the platform stores GHCR_TOKEN with the box: use one that can only read packages");
    }
  }

  private boolean login(RunSpec spec) {
    return !session.env().getOrDefault("GHCR_TOKEN", "").isBlank()
        && spec.market().image().startsWith("ghcr.io/");
  }

  private Map<String, String> secrets(RunPlan plan) throws Failure {
    Map<String, String> secrets = new HashMap<>();
    Map<String, String> given = plan.given(session.env());
    for (String name : plan.spec().job().care().secrets()) {
      String value = given.getOrDefault(name, "");
      if (value.isBlank()) {
        throw new Failure(
            Exit.USAGE,
            "Cannot hand on the secret %s: it is not set here. Export it, then run this again."
                .formatted(name));
      }
      secrets.put(name, value);
    }
    // The controller may be older than this shell's variables.
    if (login(plan.spec())) {
      for (String name : List.of("GHCR_TOKEN", "GHCR_USER")) {
        String value = session.env().getOrDefault(name, "");
        if (!value.isBlank()) {
          secrets.put(name, value);
        }
      }
    }
    return secrets;
  }

  private void results(SummaryView summary) throws Failure {
    String run = summary.run().run().value();
    Optional<Wiring.Pulled> pulled = new Results(wiring.pull()).bring(summary, Results.usual(run));
    say("results   " + pulled.map(Results::words).orElse("none came home from /work"));
  }

  private void closing(SummaryView summary) {
    String run = summary.run().run().value();
    say(
        "run %s: %s, after %s%s"
            .formatted(
                run,
                summary.run().phase().words(),
                Words.time(Duration.ofSeconds(summary.seconds())),
                summary.run().why().isEmpty()
                    ? ""
                    : " (" + Words.printable(summary.run().why()) + ")"));
    say("spent     " + summary.run().money().spent());
    if (summary.run().boxes().isEmpty()) {
      say("nothing of this run is rented any more");
    } else {
      SummaryText.left(summary.run(), "salvor destroy " + run + state()).forEach(this::say);
    }
  }

  private String state() {
    return where.stateDir.isEmpty() ? "" : " --state-dir " + dir.root();
  }

  private void say(String line) {
    session.err().println("salvor: " + line);
    session.err().flush();
  }
}
