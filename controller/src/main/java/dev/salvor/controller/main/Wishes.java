package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.TargetByRun;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.effect.Asking;
import dev.salvor.controller.verify.UserCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The verify command of each run, and the places that its copies are kept in, by its spec.
///
/// @param usual where copies are kept of which no spec says so
record Wishes(Asking runs, Path usual) implements ReceiptProver.Commands, TargetByRun.Places {
  /// Loading what was trained takes minutes; a box that is done waits for it and bills.
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Override
  public Optional<UserCheck> check(RunId run) throws IOException {
    String command = care(run).verify();
    return command.isBlank() ? Optional.empty() : Optional.of(new UserCheck(command, TIMEOUT));
  }

  @Override
  public List<TargetPlace> of(RunId run) throws IOException {
    List<TargetPlace> targets = care(run).targets();
    return targets.isEmpty() ? List.of(new TargetPlace.Directory(usual.toString())) : targets;
  }

  private RunSpec.Care care(RunId run) throws IOException {
    return runs.ask(run)
        .map(state -> state.spec().job().care())
        .orElseThrow(() ->
            new IOException(
                "the controller does not say what was asked for run %s; it is tried again"
                    .formatted(run)));
  }
}
