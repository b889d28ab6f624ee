package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.DeskClient;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.RunView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which box a verb means and how it is entered: asked of the controller, which knows the account,
/// and of the platform itself where no controller runs or it does not know the box.
final class Doorway {
  @Mixin final Where where = new Where();

  @Option(
      names = "--ssh-key",
      paramLabel = "FILE",
      description =
          "the private key to use (default: id_ed25519, id_rsa or id_ecdsa of ~/.ssh, else Salvor's"
              + " own)")
  Optional<Path> key = Optional.empty();

  /// The same box and key as another verb's.
  static Doorway beside(Where where, Optional<Path> key) {
    Doorway doorway = new Doorway();
    doorway.where.stateDir = where.stateDir;
    doorway.where.output = where.output;
    doorway.key = key;
    return doorway;
  }

  DoorView find(Session session, Wiring wiring, String target) throws DeskException, Failure {
    Optional<DeskClient> controller = DeskClient.find(where.dir(session));
    if (controller.isEmpty()) {
      return unattended(session, wiring, target);
    }
    try {
      String named = key.map(k -> k.toAbsolutePath().toString()).orElse("");
      Answer answer = controller.get().ask(new Request.Door(target, named));
      Notices.print(answer.notices(), session.err());
      return answer.as(DoorView.class);
    } catch (DeskException e) {
      // It may be in another account than the controller's.
      boolean elsewhere = e.kind() == DeskException.Kind.NOT_FOUND && isNumber(target);
      if (elsewhere && !session.env().getOrDefault("VAST_API_KEY", "").isEmpty()) {
        return account(session, wiring).door(number(target), key);
      }
      throw e;
    }
  }

  /// The way in, which a verb needs that goes there.
  DoorView.Way way(DoorView door) throws Failure {
    if (door.ssh().words().isEmpty()) {
      throw new Failure(
          Exit.PLATFORM,
          "Cannot go to instance %d: the platform names no SSH address for it, and says it is %s. Wait until it runs, or look with 'salvor instance %1$d'."
              .formatted(door.instance(), door.status()));
    }
    return door.ssh();
  }

  /// Runs ssh on this terminal; returns its exit status, which is that of the command.
  static int go(List<String> command) throws Failure {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot run ssh: %s. Install the OpenSSH client.".formatted(e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Exit.INTERRUPTED, "Interrupted.", e);
    }
  }

  private DoorView unattended(Session session, Wiring wiring, String target)
      throws DeskException, Failure {
    if (isNumber(target)) {
      return account(session, wiring).door(number(target), key);
    }
    Office office = Office.find(session, where, wiring.records());
    RunView run = office.ask(new Request.Status(target)).as(RunView.class);
    if (run.boxes().isEmpty()) {
      throw new Failure(
          Exit.NOT_FOUND,
          "Run %s holds no box now. 'salvor ps' shows which do.".formatted(run.run()));
    }
    long instance = run.boxes().getLast().instance();
    return account(session, wiring).door(instance, key).of(run.run().value());
  }

  private Account account(Session session, Wiring wiring) throws Failure {
    return wiring.market().open(session, where.dir(session));
  }

  private static boolean isNumber(String target) {
    return !target.isEmpty() && target.chars().allMatch(Character::isDigit);
  }

  private static long number(String target) throws Failure {
    try {
      return Long.parseLong(target);
    } catch (NumberFormatException e) {
      throw new Failure(Exit.USAGE, "No instance has the number " + target + ".", e);
    }
  }
}
