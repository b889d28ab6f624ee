package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command line: hands each verb its arguments, and makes one line of what goes wrong.
@Command(
    name = "salvor",
    description = "Looks after training jobs on rented marketplace GPUs.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit statuses and JSON keys: docs/reference/cli.md"})
public final class Cli implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Cli() {}

  /// Runs one command and returns its exit status.
  public static int run(List<String> args, Session session, Wiring wiring) {
    CommandLine line = commandLine(session, wiring);
    return line.execute(args.toArray(String[]::new));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do.");
  }

  private static CommandLine commandLine(Session session, Wiring wiring) {
    CommandLine line = new CommandLine(new Cli());
    List.of(
            new RunVerb(session, wiring),
            new PullVerb(session, wiring),
            new DemoVerb(session),
            new PsVerb(session, wiring),
            new StatusVerb(session, wiring),
            new LogsVerb(session, wiring),
            new ExplainVerb(session, wiring),
            new AdoptVerb(session, wiring),
            new ApproveVerb(session, wiring),
            new BudgetVerb(session, wiring),
            new DestroyVerb(session, wiring),
            new AckVerb(session, wiring),
            new CheckpointVerb(session, wiring),
            new DrillVerb(session, wiring),
            new VerifyVerb(session),
            new InspectVerb(session),
            ReceiptVerb.commandLine(session, wiring),
            new OffersVerb(session, wiring),
            new RentedVerb(session, wiring),
            new DetailVerb.Instance(session, wiring),
            new DetailVerb.Volumes(session, wiring),
            new DetailVerb.User(session, wiring),
            new ShellVerb(session, wiring),
            new ExecVerb(session, wiring),
            new SshUrlVerb(session, wiring),
            new PortsVerb(session, wiring),
            new OnstartVerb(session, wiring),
            new SandboxVerb(session, wiring),
            new BenchVerb(session, wiring),
            new ServeVerb(session, wiring),
            new ControllerVerb(session, wiring))
        .forEach(line::addSubcommand);
    line.addMixin("help", new Help());
    line.getSubcommands().values().forEach(verb -> verb.addMixin("help", new Help()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(session.out(), true, session.out().charset()));
    line.setErr(new PrintWriter(session.err(), true, session.err().charset()));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            session.ansi() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((e, _) -> misused(session, e));
    line.setExecutionExceptionHandler((e, _, _) -> failed(session, e));
    return line;
  }

  private static int misused(Session session, CommandLine.ParameterException e) {
    String verb = e.getCommandLine().getCommandSpec().qualifiedName();
    String why = String.valueOf(e.getMessage()).replace('\n', ' ');
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      why += near.isEmpty() ? "" : ". Did you mean " + String.join(" or ", near) + "?";
    }
    session.err().println("salvor: %s '%s --help' says how.".formatted(sentence(why), verb));
    return Exit.USAGE.code();
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
  }

  private static int failed(Session session, Exception e) {
    Exit exit =
        switch (e) {
          case Failure failure -> failure.exit();
          case DeskException desk -> Exit.of(desk.kind());
          default -> Exit.INTERNAL;
        };
    boolean expected = e instanceof Failure || e instanceof DeskException;
    String message =
        expected
            ? String.valueOf(e.getMessage())
            : "An error of salvor's own: %s. %s".formatted(e, CrashLog.keep(session, e));
    session.err().println("salvor: " + message);
    return exit.code();
  }
}
