package dev.salvor.controller.sim;

import static dev.salvor.controller.sim.Invariants.check;

import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.util.ArrayList;
import java.util.List;

/// What must hold over all runs together: when most boxes fall silent at once, it is this side that
/// broke, and nothing is said of any of them.
final class FleetChecks {
  /// From so many boxes on.
  private static final int MASS = 4;

  /// They do not fall silent in the same instant, and a list may be on its way.
  private static final long SETTLED_MS = 25_000;

  private final Sim sim;
  private long checkedAt;
  private long cutSince = -1;

  FleetChecks(Sim sim) {
    this.sim = sim;
  }

  void afterEvent() {
    long now = sim.world.ms();
    if (now - checkedAt < 1_000) {
      return;
    }
    checkedAt = now;
    boolean cut = sim.weather.cutUp() && sim.station.attends(SETTLED_MS);
    cutSince = !cut ? -1 : cutSince < 0 ? now : cutSince;
    if (cutSince >= 0 && now - cutSince > SETTLED_MS) {
      nobodyIsJudged();
    }
  }

  private void nobodyIsJudged() {
    List<Rental> running = new ArrayList<>();
    for (Voyage voyage : sim.voyages()) {
      voyage.state().stream()
          .flatMap(s -> s.rentals().values().stream())
          .filter(r -> r.held() && r.seen().sight().is(Sight.Status.RUNNING))
          .filter(r -> r.aboard().boot() > 0)
          .forEach(running::add);
    }
    if (running.size() < MASS) {
      return;
    }
    for (Rental r : running) {
      boolean judged =
          switch (r.seen().verdict()) {
            case Verdict.Suspect _, Verdict.Lost _ -> true;
            case Verdict.Unknown _, Verdict.Alive _, Verdict.Coming _ -> false;
          };
      check(!judged, "8: called %s while this side is cut off".formatted(r.seen().verdict()));
    }
  }
}
