package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The core and its loop in simulated worlds in which everything goes wrong: violations of what
/// must always hold, and how many worlds a second.
final class SimBench implements Bench {
  private static final Proving PROGRAM = new Proving("dev.salvor.controller.sim.SimMain");
  private static final Duration PATIENCE = Duration.ofHours(6);

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    lab.told()
        .accept(
            "playing %s from %d"
                .formatted(Proving.count(lab.scope().seeds(), "seeds"), lab.scope().from()));
    List<String> arguments = new ArrayList<>();
    arguments.add(Long.toString(lab.scope().seeds()));
    arguments.add(Long.toString(lab.scope().from()));
    if (!lab.scope().faults().isEmpty()) {
      arguments.add(lab.scope().faults());
    }
    return PROGRAM.run(lab, PATIENCE, arguments);
  }
}
