package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.DirectoryTarget;
import dev.salvor.controller.cargo.Export;
import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Wiring;
import java.nio.file.Path;
import java.util.Optional;

/// Brings a run's results from where the controller keeps its cargo to where its user wants them.
final class ResultsPull {
  private ResultsPull() {}

  static Optional<Wiring.Pulled> bring(Path kept, RunId run, Path to) throws Failure {
    try {
      return new Export(new DirectoryTarget(kept), run)
          .results(to)
          .map(b -> new Wiring.Pulled(b.place(), b.files(), b.bytes(), b.written(), b.already()));
    } catch (CargoException e) {
      throw new Failure(Exit.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }
}
