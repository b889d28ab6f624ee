package dev.salvor.controller.sim;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.sim.SimEffects.Call;
import java.util.Optional;
import java.util.function.Consumer;

/// Orders on their way to a box, on the line that it has now.
final class SimOrders {
  private final Sim sim;
  private final World world;
  private final SimEffects effects;

  SimOrders(Sim sim, SimEffects effects) {
    this.sim = sim;
    this.world = sim.world;
    this.effects = effects;
  }

  void tell(Call call, Effect.Tell tell) {
    send(call, tell.rental(), true, box -> told(call, tell, box));
  }

  /// What came of it the box says by itself.
  void prune(Call call, PrunePermit permit) {
    world.note("orders " + permit.terms().unit() + " off its box");
    send(call, permit.terms().rental(), false, box -> box.agent.prune(call.id(), permit.terms()));
  }

  private void send(Call call, RentalRef to, boolean done, Consumer<SimBox> order) {
    Optional<SimBox> box = call.voyage().boxOf(to);
    long line = box.map(sim.station::connectionTo).orElse(0L);
    if (box.isEmpty() || line == 0) {
      effects.settleIn(world.between(1, 10), call, SimEffects.retry("the box is not connected"));
      return;
    }
    long delay =
        sim.weather.is(FaultKind.DELAY) ? world.between(500, 15_000) : world.between(5, 150);
    world.in(delay, () -> arrive(box.get(), line, order));
    boolean shaky = sim.weather.cutDown() || sim.weather.is(FaultKind.LOST_REPLIES);
    boolean lost = world.oneIn(shaky ? 2 : 50);
    if (lost) {
      world.in(world.between(200, 400), () -> sim.station.hangUp(box.get()));
    }
    long answered = world.between(5, 300);
    if (lost || done) {
      effects.settleIn(
          answered, call, lost ? SimEffects.retry("the stream broke") : new Outcome.Done());
    }
  }

  private void arrive(SimBox box, long line, Consumer<SimBox> order) {
    boolean passes = !sim.weather.cutDown() && !box.hostOffline && !box.halfOpen();
    if (sim.station.open(line) && passes) {
      order.accept(box);
    }
  }

  private static void told(Call call, Effect.Tell tell, SimBox box) {
    switch (tell.order()) {
      case AgentOrder.Proceed _, AgentOrder.ProceedFrom _ -> box.voyage.invariants.starting(box);
      case AgentOrder.Quiesce _,
          AgentOrder.StopJob _,
          AgentOrder.StopHung _,
          AgentOrder.AskCheckpoint _,
          AgentOrder.Fence _ -> {
        // Starts nothing.
      }
    }
    box.agent.ordered(call.id(), tell.boot(), tell.order());
  }
}
