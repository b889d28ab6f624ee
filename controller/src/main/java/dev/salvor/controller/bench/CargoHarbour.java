package dev.salvor.controller.bench;

import dev.salvor.controller.cargo.CargoLimits;
import dev.salvor.controller.cargo.DirectoryTarget;
import dev.salvor.controller.cargo.Staging;
import dev.salvor.controller.verify.ReceiptKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/// A process that takes cargo as a controller does, with the flags of one: `CargoHarbour DIR
/// [thrifty]` prints its endpoint, and ends with its standard input.
public final class CargoHarbour {
  private CargoHarbour() {}

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    InstantSource clock = InstantSource.system();
    Staging staging =
        new Staging(
            dir.resolve("staging"),
            new DirectoryTarget(dir.resolve("target")),
            StagingDesk.prover(ReceiptKey.of(dir), clock),
            CargoLimits.DEFAULT);
    try (LoopbackIntake intake =
        new LoopbackIntake(dir, new StagingDesk(staging, args.length > 1))) {
      System.out.println(intake.endpoint());
      System.out.flush();
      int _ = System.in.read();
    }
  }
}
