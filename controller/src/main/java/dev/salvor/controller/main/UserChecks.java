package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.effect.Asking;
import dev.salvor.controller.verify.UserCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The verify command of each run, by its spec.
record UserChecks(Asking runs) implements ReceiptProver.Commands {
  /// Loading what was trained takes minutes; a box that is done waits for it and bills.
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Override
  public Optional<UserCheck> of(RunId run) throws IOException {
    RunState state =
        runs.ask(run)
            .orElseThrow(() ->
                new IOException(
                    "Cannot tell how copies of run %s are to be verified: the controller does not answer for it; it is tried again"
                        .formatted(run)));
    String command = state.spec().job().care().verify();
    return command.isBlank() ? Optional.empty() : Optional.of(new UserCheck(command, TIMEOUT));
  }
}
