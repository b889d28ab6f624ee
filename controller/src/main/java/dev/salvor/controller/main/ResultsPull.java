package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.Export;
import dev.salvor.controller.cargo.Target;
import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.core.TargetPlace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// Brings a run's results, or a checkpoint, from where the controller keeps its cargo to where its
/// user wants them.
final class ResultsPull {
  private ResultsPull() {}

  static Optional<Wiring.Pulled> bring(String place, RunId run, OptionalLong step, Path to)
      throws Failure {
    try {
      Export export = new Export(target(place), run);
      return (step.isPresent() ? export.checkpoint(step.getAsLong(), to) : export.results(to))
          .map(b -> new Wiring.Pulled(b.place(), b.files(), b.bytes(), b.written(), b.already()));
    } catch (CargoException e) {
      throw new Failure(Exit.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }

  /// PLACE/RUN/UNIT: every unit of a run is kept below the same place.
  private static Target target(String unit) throws CargoException {
    return TargetKinds.ofThisMachine().open(TargetPlace.parse(unit).above().above());
  }
}
