package dev.salvor.controller.bench;

import dev.salvor.controller.cli.BenchRow;
import java.io.IOException;
import java.util.List;

/// One group of figures.
interface Bench {
  String name();

  List<BenchRow> measure(Lab lab) throws IOException, InterruptedException;
}
