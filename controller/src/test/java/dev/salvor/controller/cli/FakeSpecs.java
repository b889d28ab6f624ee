package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the same spec out of every file, and remembers what it was to show.
final class FakeSpecs implements Specs {
  private final List<RunSpec> shown;

  /// What is in a file; empty for a problem.
  Optional<RunSpec> file = Optional.empty();

  /// Where results would go.
  String results = "";

  /// What the job would get.
  Map<String, String> given = Map.of();

  FakeSpecs(List<RunSpec> shown) {
    this.shown = shown;
  }

  @Override
  public Reading read(Path path, Session session) {
    List<String> problems = file.isPresent() ? List.of() : List.of(path + ":1: no spec");
    return new Reading(file, Map.of(), problems, List.of());
  }

  @Override
  public List<String> dryRun(RunSpec spec, DryRunOptions options, Session session) {
    shown.add(spec);
    results = options.results();
    return List.of("run " + spec.run());
  }

  @Override
  public void refuseKey(RunSpec spec, Map<String, String> secrets, Session session) {
    given = secrets;
  }

  @Override
  public Start start(RunSpec spec, Session session) {
    throw new IllegalStateException("Nobody asks how a box would start");
  }

  @Override
  public List<Look> check(RunSpec spec, Session session) {
    return List.of();
  }
}
