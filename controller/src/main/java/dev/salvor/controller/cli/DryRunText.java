package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import java.util.ArrayList;
import java.util.List;

/// What a run would do, stage by stage, for somebody who wants to see it first.
final class DryRunText {
  private DryRunText() {}

  static List<String> of(RunPlan plan) {
    RunSpec spec = plan.spec();
    List<String> lines = new ArrayList<>();
    lines.add(
        "run %s, at most %s in all; nothing is done now".formatted(spec.run(), spec.budget()));
    lines.add(
        "[1/8] search offers, at most %s: %s"
            .formatted(spec.market().cap(), spec.market().query()));
    lines.add(
        "[2/8] create the cheapest with image %s and %d GB of disk"
            .formatted(spec.market().image(), spec.market().diskGb()));
    lines.add("[3/8] wait until it runs, 15 minutes at most, else the next offer");
    lines.add("[4/8] wait for a real login, 6 minutes at most, else the next offer");
    lines.add(
        spec.box().sync().isEmpty()
            ? "[5/8] bring nothing to it"
            : "[5/8] rsync %s to /app, without .git and work_remote".formatted(spec.box().sync()));
    List<String> tasks = spec.job().care().tasks();
    lines.add("[6/8] run %d tasks, each by bash -c in /app".formatted(tasks.size()));
    for (int i = 0; i < tasks.size(); i++) {
      lines.add("      %d: %s".formatted(i + 1, tasks.get(i)));
    }
    lines.add(
        plan.flags().noPull
            ? "[7/8] give up what they leave in /work"
            : "[7/8] bring /work to %s, each byte verified"
                .formatted(Results.usual(spec.run().value())));
    lines.add(
        spec.finish().after() == RunSpec.After.KEEP
            ? "[8/8] keep the box, which goes on billing"
            : "[8/8] destroy the box by permit, and see that it is gone");
    return lines;
  }
}
