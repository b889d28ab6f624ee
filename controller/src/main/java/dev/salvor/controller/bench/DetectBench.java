package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// How soon a loss is seen and the job is back, on the sandbox with real processes.
final class DetectBench implements Bench {
  private static final Proving PROGRAM = new Proving("dev.salvor.controller.e2e.DetectMain");
  private static final Duration A_ROUND = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "detect";
  }

  @Override
  public List<BenchRow> measure(Lab lab) throws IOException, InterruptedException {
    int rounds = lab.scope().rounds();
    return PROGRAM.run(lab, A_ROUND.multipliedBy(rounds + 1), List.of(Integer.toString(rounds)));
  }
}
