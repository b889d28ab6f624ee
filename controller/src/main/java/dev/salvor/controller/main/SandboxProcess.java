package dev.salvor.controller.main;

import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.sandbox.SandboxConfig;
import dev.salvor.controller.sandbox.SandboxException;
import dev.salvor.controller.sandbox.SandboxMain;
import dev.salvor.controller.sandbox.market.Pace;
import dev.salvor.controller.sandbox.market.Rivals;

/// The sandbox, as a process.
final class SandboxProcess implements Wiring.SandboxCall {
  @Override
  public int run(Wiring.SandboxOptions o) {
    try {
      Wiring.SandboxManner how = o.manner();
      var manner =
          new SandboxConfig.Manner(
              how.rateLimits(),
              Pace.USUAL,
              false,
              new Rivals(how.rivalsEvery()),
              how.faults(),
              how.wipe(),
              how.bare());
      SandboxMain.run(
          new SandboxConfig(
              o.dir(), o.port(), o.bundle(), o.faults(), o.seed(), o.json(), how.idle(), manner));
      return Exit.OK.code();
    } catch (SandboxException e) {
      System.err.println(e.getMessage());
      return switch (e.kind()) {
        case BAD_FAULTS, BAD_BUNDLE -> Exit.USAGE.code();
        case STATE_UNREADABLE, STATE_IN_USE, PORT_IN_USE, NO_BOXES -> Exit.ENVIRONMENT.code();
        case FAILED -> Exit.INTERNAL.code();
      };
    }
  }
}
