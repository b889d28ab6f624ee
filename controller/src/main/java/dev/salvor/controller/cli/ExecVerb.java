package dev.salvor.controller.cli;

import dev.salvor.controller.desk.DeskException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor exec`: one command on a box.
@Command(
    name = "exec",
    description = {
      "Run one command on a run's box, or any instance of yours; its exit status is passed on.",
      "One word is a line for the box's shell; several are a program and its arguments."
    })
final class ExecVerb implements Callable<Integer> {
  @Mixin final Doorway doorway = new Doorway();

  @Parameters(index = "0", paramLabel = "RUN|INSTANCE", description = "which box")
  String target = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "-- CMD", description = "the command")
  List<String> command = List.of();

  private final Session session;
  private final Wiring wiring;

  ExecVerb(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws DeskException, Failure {
    var way = doorway.way(doorway.find(session, wiring, target));
    return Doorway.go(way.unasked(List.of("-T"), line(command)));
  }

  private static String line(List<String> words) {
    return words.size() == 1
        ? words.getFirst()
        : words.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
  }
}
