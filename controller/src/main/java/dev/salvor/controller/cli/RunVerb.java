package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `salvor run`: tasks on a rented box, from the search for it to the results on this machine.
@Command(
    name = "run",
    description = {
      "Rent a box, bring this directory to it, run the tasks, bring their results back, destroy"
          + " it.",
      "Words after -- are tasks, each a line for bash."
    })
final class RunVerb implements Callable<Integer> {
  private static final String TASKS_FOLLOW = "--";

  @Mixin final Where where = new Where();
  @Mixin final RunFlags flags = new RunFlags();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE.yaml | -- TASK…",
      description = "a run.yaml; or tasks, each one word")
  List<String> words = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Session session;
  private final Wiring wiring;

  RunVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    RunPlan plan = plan();
    wiring.specs().refuseKey(plan.spec(), plan.given(session.env()), session);
    if (flags.dryRun) {
      String results = flags.noPull ? "" : Results.usual(plan.spec().run().value()).toString();
      wiring
          .specs()
          .dryRun(plan.spec(), new Specs.DryRunOptions(results), session)
          .forEach(session.out()::println);
      return Exit.OK.code();
    }
    return new Voyage(session, where, wiring).run(plan).code();
  }

  private RunPlan plan() throws Failure {
    List<String> typed = spec.commandLine().getParseResult().originalArgs();
    int at = typed.indexOf(TASKS_FOLLOW);
    List<String> inline = at < 0 ? List.of() : typed.subList(at + 1, typed.size());
    List<String> files = words.subList(0, words.size() - inline.size());
    RunPlan.Surroundings here =
        new RunPlan.Surroundings(
            Path.of(""),
            Path.of(session.home()).toAbsolutePath().normalize(),
            session.env(),
            LocalDateTime.now(session.zone()));
    if (files.isEmpty()) {
      return RunPlan.of(tasks(inline), flags, here);
    }
    if (files.size() > 1 || flags.tasks.isPresent() || !inline.isEmpty()) {
      throw new Failure(
          Exit.USAGE,
          "Cannot run %s: give one run.yaml, or --tasks FILE, or tasks after --, as in: salvor run -- 'echo hi'."
              .formatted(String.join(" ", files)));
    }
    Specs.Reading read = new RunFiles(wiring, session).read(Path.of(files.getFirst()), "run");
    return RunPlan.of(read.spec().orElseThrow(), read.secrets(), flags, here);
  }

  private TaskList tasks(List<String> inline) throws Failure {
    if (flags.tasks.isPresent() && !inline.isEmpty()) {
      throw new Failure(Exit.USAGE, "Cannot take tasks from two places: --tasks or --, not both.");
    }
    TaskList list =
        flags.tasks.isPresent() ? TaskList.read(flags.tasks.get()) : TaskList.ofWords(inline);
    if (list.tasks().isEmpty() && !flags.shell) {
      throw new Failure(
          Exit.USAGE,
          "Cannot run nothing: give a run.yaml, --tasks FILE, tasks after --, or --shell. 'salvor"
              + " run --help' says how.");
    }
    return list;
  }
}
