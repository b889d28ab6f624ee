package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Json;
import dev.salvor.controller.view.DoorView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor ports`: where a box's ports are reached from outside.
@Command(
    name = "ports",
    description = "List the ports of a run's box, or any instance of yours, inside and outside.")
final class PortsVerb implements Callable<Integer> {
  @Mixin final Doorway doorway = new Doorway();

  @Parameters(paramLabel = "RUN|INSTANCE", description = "which box")
  String target = "";

  private final Session session;
  private final Wiring wiring;

  PortsVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    DoorView door = doorway.find(session, wiring, target);
    if (doorway.where.json()) {
      session.out().println(Json.pretty(door));
      return Exit.OK.code();
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("INSIDE", "OUTSIDE"));
    String host = door.host().contains(":") ? "[" + door.host() + "]" : door.host();
    new TreeMap<>(door.ports())
        .forEach((inside, outside) -> rows.add(List.of(inside, host + ":" + outside)));
    if (rows.size() == 1) {
      session
          .err()
          .println(
              "instance %d has no port that is mapped outside; the platform says it is %s"
                  .formatted(door.instance(), door.status()));
    } else {
      Texts.table(rows).forEach(session.out()::println);
    }
    return Exit.OK.code();
  }
}
