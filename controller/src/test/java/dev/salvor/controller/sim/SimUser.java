package dev.salvor.controller.sim;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunState.Notice;
import dev.salvor.controller.loop.Event;

/// The person at the workstation: reads what is announced now and then, and says yes when asked.
final class SimUser {
  private static final long LOOKS_MS = 120_000;
  private final Sim sim;

  SimUser(Sim sim) {
    this.sim = sim;
  }

  void live() {
    sim.world.in(LOOKS_MS, this::look);
  }

  void say(Fact fact) {
    sim.station.post(new Event.Happened(sim.run, fact));
  }

  private void look() {
    sim.station.state().stream()
        .flatMap(s -> s.notices().stream())
        .filter(notice -> notice.next().contains("approve"))
        .findFirst()
        .ifPresent(this::answer);
    sim.world.in(LOOKS_MS + sim.world.between(0, LOOKS_MS), this::look);
  }

  private void answer(Notice notice) {
    if (sim.station.state().map(s -> !s.approved()).orElse(false)) {
      sim.world.note("the user says yes to " + notice.key());
      say(new Fact.Approved(sim.world.now(), "user"));
    }
  }
}
