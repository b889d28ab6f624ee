package dev.salvor.controller.cli;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor onstart render`: what exactly would run on a box, and whether anything is wrong with it.
@Command(
    name = "onstart",
    description = {
      "Show exactly what runs on a box: the text that the platform is given, the environment's"
          + " names with secrets masked, and the steps before the job. Nothing is sent.",
      "With --check: its length, its secrets and its shell; exit status 3 when something is wrong."
    })
final class OnstartVerb implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "render", description = "the one thing to do")
  String action = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "FILE.yaml", description = "a run.yaml")
  Optional<Path> file = Optional.empty();

  @Option(names = "--output", paramLabel = "FILE", description = "write the text there")
  Optional<Path> output = Optional.empty();

  @Option(names = "--check", description = "look at length, secrets and shell")
  boolean check;

  private final Session session;
  private final Wiring wiring;

  OnstartVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Failure {
    if (!action.equals("render")) {
      throw new Failure(
          Exit.USAGE,
          "Cannot '%s' an onstart text: say 'salvor onstart render'.".formatted(action));
    }
    RunSpec spec =
        file.isPresent()
            ? new RunFiles(wiring, session).read(file.get(), "render").spec().orElseThrow()
            : usual();
    Specs.Start start = wiring.specs().start(spec, session);
    if (output.isPresent()) {
      write(output.get(), start.onstart());
    } else if (!check) {
      print(start);
    }
    return check ? checked(spec).code() : Exit.OK.code();
  }

  /// A run of which nothing special was asked.
  private static RunSpec usual() {
    return new RunSpec(
        new RunId("run"),
        new RunSpec.Job(":", "/app", Map.of(), List.of("/workspace"), List.of("/work")),
        new RunSpec.Market(
            RunPlan.IMAGE,
            OffersVerb.DEFAULTS,
            RunPlan.DISK_GB,
            false,
            UsdPerHour.of(RunPlan.MAX_PRICE)),
        new RunSpec.Finish(RunSpec.After.DESTROY, true),
        Usd.of(RunPlan.BUDGET));
  }

  private void write(Path to, String text) throws Failure {
    try {
      Files.writeString(to, text);
      session.err().println("salvor: %d characters in %s".formatted(text.length(), to));
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT, "Cannot write %s: %s. Name another place.".formatted(to, e), e);
    }
  }

  private void print(Specs.Start start) {
    List<String> lines = new ArrayList<>();
    lines.add("# onstart, %d characters; %s".formatted(start.onstart().length(), start.how()));
    start.onstart().lines().forEach(lines::add);
    lines.add("");
    lines.add("# environment, which the platform stores");
    start.env().forEach((name, value) -> lines.add(name + "=" + value));
    for (Specs.Step step : start.steps()) {
      lines.add("");
      lines.add("# " + step.when());
      step.command().strip().lines().forEach(lines::add);
    }
    lines.forEach(session.out()::println);
  }

  private Exit checked(RunSpec spec) throws Failure {
    boolean good = true;
    for (Specs.Look look : wiring.specs().check(spec, session)) {
      good &= look.good();
      String verdict = look.absent() ? "--" : look.good() ? "ok" : "NO";
      look.words()
          .forEach(
              word -> session.out().println("%-10s %s  %s".formatted(look.what(), verdict, word)));
    }
    return good ? Exit.OK : Exit.REFUSED;
  }
}
