package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Many simulated agents on one real controller, over mTLS at a beat of two seconds.
final class FleetBench implements Bench {
  private static final Proving PROGRAM = new Proving("dev.salvor.controller.fleet.FleetMain");
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    int agents = lab.scope().agents();
    lab.told().accept("making " + Proving.count(agents, "agents and the state of their runs"));
    return PROGRAM
        .run(
            lab,
            PATIENCE,
            List.of(
                Integer.toString(agents), lab.installation().toString(), lab.place().toString()))
        .stream()
        .map(row ->
            new BenchRow(
                "fleet of %d: %s".formatted(agents, row.what()),
                row.value(),
                row.unit(),
                row.runs(),
                row.peer()))
        .toList();
  }
}
