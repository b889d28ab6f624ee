package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.view.Words;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `salvor destroy`: asks for a permit, and says what stands in its way.
@Command(
    name = "destroy",
    description =
        "Destroy a run's box if a permit allows it; else say what is in the way (exit 3).")
final class DestroyVerb implements Callable<Integer> {
  @Mixin final Where where = new Where();

  @Parameters(paramLabel = "RUN|INSTANCE", description = "the run, or one instance's number")
  String target = "";

  @Option(names = "--wind-down", description = "end the job, bring everything home, then destroy")
  boolean windDown;

  @Option(
      names = "--abandon",
      paramLabel = "\"TYPED TEXT\"",
      defaultValue = "",
      description = "lose what the box holds; the text must name it, as the refusal says")
  String abandon = "";

  private final Session session;
  private final Wiring wiring;

  DestroyVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    Office office = office();
    Answer answer = office.ask(new Request.Destroy(target, windDown, abandon, "salvor destroy"));
    Replies.Noted noted = answer.as(Replies.Noted.class);
    office.print(answer, List.of("run " + noted.run() + ": " + Words.printable(noted.what())));
    return Exit.OK.code();
  }

  /// An instance's number may be of a box that no run of ours has: a permit for it needs a
  /// controller, too.
  private Office office() throws DeskException, Failure {
    StateDir own = where.ownDir(session);
    boolean theirs = PlatformLog.isNumber(target) && where.dir(session).equals(own);
    if (theirs && DeskClient.find(own).isEmpty()) {
      DeskClient _ = OwnController.open(session, own, wiring);
    }
    return Office.find(session, where, wiring.records());
  }
}
