package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.view.DoorView;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor shell`: a shell on a box.
@Command(
    name = "shell",
    description = "Open a shell on a run's box, or any instance of yours, in /app if it is there.")
final class ShellVerb implements Callable<Integer> {
  /// In /app, else at home; bash where the box has it.
  private static final String SHELL =
      "cd /app 2>/dev/null || cd; command -v bash >/dev/null && exec bash -l; exec sh -l";

  @Mixin final Doorway doorway = new Doorway();

  @Parameters(arity = "0..1", paramLabel = "RUN|INSTANCE", description = "default: the newest run")
  String target = "";

  private final Session session;
  private final Wiring wiring;

  ShellVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    return open(session, wiring, doorway, target);
  }

  /// Opens a shell, and says afterwards what goes on billing; returns the shell's own status.
  static int open(Session session, Wiring wiring, Doorway doorway, String target)
      throws DeskException, Failure {
    DoorView door = doorway.find(session, wiring, target);
    DoorView.Way way = doorway.way(door);
    // Without a terminal of ours there is nothing to draw on: commands come from a pipe.
    List<String> options = List.of(session.terminal() ? "-t" : "-T");
    int code = Doorway.go(way.asked(options, SHELL));
    session
        .err()
        .println(
            String.format(
                Locale.ROOT,
                "instance %d goes on%s, at $%.4f an hour; 'salvor destroy %d' ends it",
                door.instance(),
                door.run().isEmpty() ? "" : " (run " + door.run() + ")",
                door.burn().dollars(),
                door.instance()));
    return code;
  }
}
