package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.view.DoorView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor ssh-url`: where a box's sshd is, for the user's own ssh.
@Command(
    name = "ssh-url",
    description = "Print ssh://root@HOST:PORT of a run's box, or any instance of yours.")
final class SshUrlVerb implements Callable<Integer> {
  @Mixin final Doorway doorway = new Doorway();

  @Parameters(paramLabel = "RUN|INSTANCE", description = "which box")
  String target = "";

  private final Session session;
  private final Wiring wiring;

  SshUrlVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    DoorView.Way way = doorway.way(doorway.find(session, wiring, target));
    session.out().println(doorway.where.json() ? Json.pretty(way) : way.url());
    if (!way.direct()) {
      session.err().println("this is the platform's proxy, which is slow");
    }
    return Exit.OK.code();
  }
}
