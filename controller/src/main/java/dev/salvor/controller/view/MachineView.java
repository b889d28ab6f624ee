package dev.salvor.controller.view;

import dev.salvor.controller.core.FailedMachine;
import java.time.Instant;

/// A machine that failed our runs, and how long that counts.
///
/// @param run whom it failed last
/// @param until when it is as good as any other again
public record MachineView(
    long machine, String run, String why, int times, Instant at, Instant until) {

  public static MachineView of(FailedMachine failed) {
    return new MachineView(
        failed.machine().value(),
        failed.run().value(),
        failed.why(),
        failed.times(),
        failed.at(),
        failed.forgiven());
  }
}
