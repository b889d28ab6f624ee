package dev.salvor.controller.main;

import dev.salvor.controller.bench.Benches;
import dev.salvor.controller.cli.Cli;
import dev.salvor.controller.cli.Session;
import dev.salvor.controller.cli.Wiring;
import java.time.InstantSource;
import java.util.List;

/// Starts whatever the command line asks for.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Logs.configure();
    Wiring wiring =
        new Wiring(
            new ControllerProcess(),
            new SandboxProcess(),
            Records::read,
            VastAccount::open,
            new Benches(),
            ResultsPull::bring,
            ReceiptCheck::check,
            new SpecDesk(InstantSource.system()));
    System.exit(Cli.run(List.of(args), Session.ofProcess(), wiring));
  }
}
