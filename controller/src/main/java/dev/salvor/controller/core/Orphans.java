package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Watch.Noticed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds listed rentals that carry our fleet's name and that no run knows. Those of other fleets
/// are somebody else's.
final class Orphans {
  /// A listing with more is a defect of its own.
  private static final int MOST = 50;

  private static final Usd ANY = Usd.of(1_000_000);

  private Orphans() {}

  static List<Noticed> found(
      String fleet, Poll.Listed listed, Map<RunId, RunState> runs, Instant now) {
    Set<Long> held = new HashSet<>();
    runs.values().stream()
        .flatMap(s -> s.rentals().values().stream())
        .forEach(r -> number(r).ifPresent(held::add));
    List<Noticed> found = new ArrayList<>();
    for (Poll.Line line : listed.lines()) {
      Optional<Label> ours = Label.parse(line.label()).filter(label -> label.fleet().equals(fleet));
      boolean unknown =
          ours.isPresent()
              && !held.contains(line.instance().value())
              && unknown(ours.get(), runs, line);
      RunId name = new RunId("orphan-" + line.instance());
      if (unknown && !runs.containsKey(name) && found.size() < MOST) {
        found.add(new Noticed(name, fact(name, line, now)));
      }
    }
    return found;
  }

  private static Optional<Long> number(Rental r) {
    return switch (r.hold()) {
      case Hold.Held held -> Optional.of(held.instance().value());
      case Hold.Gone gone -> Optional.of(gone.instance().value());
      case Hold.Asked _, Hold.Unclear _, Hold.Never _ -> Optional.empty();
    };
  }

  /// Not one that its own label finds: a creation whose answer is still open, or was lost.
  private static boolean unknown(Label label, Map<RunId, RunState> runs, Poll.Line line) {
    RunState s = runs.get(label.run());
    Rental r = s == null ? null : s.rentals().get(label.rental());
    return r == null || number(r).filter(held -> held != line.instance().value()).isPresent();
  }

  private static Fact fact(RunId name, Poll.Line line, Instant now) {
    UsdPerHour burn = line.sight().burn();
    Offer machine =
        new Offer(0, new MachineId(0), "GPU", 1, burn, burn, UsdPerHour.ZERO, 0, 0, 0, "");
    RunSpec spec =
        new RunSpec(
            name,
            new RunSpec.Job(line.label(), "/", Map.of(), List.of(), List.of()),
            new RunSpec.Market("", "", 1, false, burn),
            new RunSpec.Finish(RunSpec.After.DESTROY, false),
            ANY);
    return new Fact.OrphanFound(now, spec, line.instance(), machine, line.label(), burn);
  }
}
