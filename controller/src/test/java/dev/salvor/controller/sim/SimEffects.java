package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.loop.Effects;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.sim.Disk.Saved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Does to the simulated world what the product's workers do to the real one. What is under way
/// dies with the controller that asked for it, but for requests that are on the wire.
class SimEffects implements Effects {
  protected final Sim sim;
  protected final World world;
  private final Map<Sha256, Saved> known = new HashMap<>();

  SimEffects(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
  }

  /// The world's memory of what a digest stands for.
  void knows(Saved saved) {
    known.put(saved.digest(), saved);
  }

  Saved saved(UnitId unit) {
    Saved saved = known.get(unit.manifestDigest());
    if (saved == null) {
      throw new Violation("asked to restore what never was: " + unit);
    }
    return saved;
  }

  @Override
  public void hand(RunId run, long id, Effect effect, RunState state) {
    Call call = new Call(id, sim.station.incarnation());
    switch (effect) {
      case Effect.Search _ -> search(call);
      case Effect.Create create -> create(call, create);
      case Effect.Stop stop -> request(call, () -> stop(stop));
      case Effect.Raise raise ->
          request(call, () -> sim.market.raise(raise.instance(), raise.bid()));
      case Effect.Destroy destroy -> destroy(call, destroy, state);
      case Effect.Tell tell -> tell(call, tell);
      case Effect.CopyOut copy -> copyOut(call, copy);
      case Effect.Prepare prepare -> prepare(call, prepare);
      case Effect.Rescue rescue -> rescue(call, rescue, state);
    }
  }

  /// One handed effect and the controller's life it belongs to.
  record Call(long id, long incarnation) {}

  protected void stop(Effect.Stop stop) {
    sim.market.stop(stop.instance());
  }

  protected boolean live(Call call) {
    return sim.station.incarnation() == call.incarnation();
  }

  protected void settle(Call call, Outcome outcome) {
    if (live(call)) {
      Fact fact = new Fact.Settled(world.now(), call.id(), outcome);
      sim.station.post(new Event.Happened(sim.run, fact));
    }
  }

  protected void settleIn(long ms, Call call, Outcome outcome) {
    world.in(ms, () -> settle(call, outcome));
  }

  private static Outcome retry(String why) {
    return new Outcome.Failed(why, true);
  }

  private void search(Call call) {
    world.in(
        world.between(50, 2_000),
        () ->
            settle(
                call,
                sim.weather.mute()
                    ? retry("the market does not answer")
                    : new Outcome.Offers(sim.market.offers())));
  }

  private void create(Call call, Effect.Create create) {
    boolean lostBefore = sim.weather.mute() || (sim.weather.lostReplies() && world.oneIn(3));
    boolean lostAfter = sim.weather.lostReplies() && world.oneIn(2);
    if (lostBefore) {
      settleIn(world.between(1_000, 10_000), call, unclear());
      return;
    }
    boolean late = sim.weather.lateRequests();
    long wire = late ? world.between(20_000, 240_000) : world.between(20, 3_000);
    world.in(
        world.between(0, 50),
        () -> {
          if (live(call)) {
            world.in(wire, () -> created(call, create, late || lostAfter));
            if (late) {
              settleIn(world.between(10_000, 20_000), call, unclear());
            }
          }
        });
  }

  private void created(Call call, Effect.Create create, boolean silent) {
    String label = new Label(Sim.FLEET, sim.run, create.rental()).toString();
    Outcome outcome =
        sim.market
            .create(label, create.offer(), create.price())
            .<Outcome>map(Outcome.Created::new)
            .orElseGet(() -> new Outcome.Refused("no longer for rent"));
    settleIn(world.between(20, 2_000), call, silent ? unclear() : outcome);
  }

  protected Outcome unclear() {
    return new Outcome.Unclear("the answer was lost");
  }

  private void request(Call call, Runnable effect) {
    boolean lostBefore = sim.weather.mute() || (sim.weather.lostReplies() && world.oneIn(3));
    boolean lostAfter = sim.weather.lostReplies() && world.oneIn(2);
    long wire = world.between(20, 1_500);
    if (!lostBefore) {
      world.in(wire, effect);
    }
    Outcome outcome = lostBefore || lostAfter ? retry("the answer was lost") : new Outcome.Done();
    settleIn(wire + world.between(20, 1_500), call, outcome);
  }

  /// Are the bytes still there; is the permit still good, in the newest state; then at once.
  protected void destroy(Call call, Effect.Destroy destroy, RunState state) {
    world.in(
        world.between(10, 8_000),
        () -> {
          if (!live(call)) {
            return;
          }
          if (!bytesThere(destroy.terms().rental(), state)) {
            settle(call, new Outcome.Failed("the target lost what was proven", true));
            return;
          }
          sim.station.post(
              new Event.Asked(
                  runs -> recheck(call, Optional.ofNullable(runs.states().get(sim.run)))));
        });
  }

  private boolean bytesThere(RentalRef rental, RunState state) {
    return state
        .cargo()
        .on(rental)
        .filter(s -> s.proof() instanceof Cargo.Proof.Proven)
        .allMatch(s -> sim.target.has(s.unit().id()));
  }

  private void recheck(Call call, Optional<RunState> now) {
    Optional<Permit> permit = now.map(s -> s.permits().get(call.id()));
    if (permit.isEmpty()) {
      settle(call, retry("there is no permit"));
      return;
    }
    switch (Permits.recheck(permit.get(), now.orElseThrow(), world.now())) {
      case Permits.Ruling.Refused refused -> settle(call, retry(refused.reasons().toString()));
      case Permits.Ruling.Granted _ -> erase(call, permit.get());
    }
  }

  protected void erase(Call call, Permit permit) {
    sim.invariants.calling(permit);
    request(call, () -> sim.market.destroy(permit));
  }

  private void tell(Call call, Effect.Tell tell) {
    Optional<SimBox> box = sim.boxOf(tell.rental());
    long line = box.map(sim.station::connectionTo).orElse(0L);
    if (box.isEmpty() || line == 0) {
      settleIn(world.between(1, 10), call, retry("the box is not connected"));
      return;
    }
    boolean starts =
        tell.order() instanceof AgentOrder.Proceed
            || tell.order() instanceof AgentOrder.ProceedFrom;
    world.in(
        world.between(5, 150),
        () -> {
          if (sim.station.open(line) && !sim.weather.cut() && !box.get().hostOffline) {
            if (starts) {
              sim.invariants.starting(box.get());
            }
            box.get().agent.ordered(call.id(), tell.boot(), tell.order());
          }
        });
    boolean lost = world.oneIn(sim.weather.cut() || sim.weather.lostReplies() ? 2 : 50);
    if (lost) {
      world.in(world.between(200, 400), () -> sim.station.hangUp(box.get()));
    }
    settleIn(world.between(5, 300), call, lost ? retry("the stream broke") : new Outcome.Done());
  }

  /// A login, then the user's directory: as long as its box stays up.
  private void prepare(Call call, Effect.Prepare prepare) {
    Optional<SimBox> box = sim.market.box(prepare.instance());
    long spell = box.map(b -> b.spell).orElse(0L);
    boolean unfit = world.oneIn(15);
    world.in(
        world.between(500, 20_000),
        () -> {
          boolean there = box.isPresent() && box.get().spell == spell && box.get().online();
          boolean cut = sim.weather.loginFails() || sim.weather.cut();
          if (live(call) && there && !cut && !unfit) {
            bringTo(box.get());
            settleIn(world.between(0, 300), call, new Outcome.Done());
          } else {
            settle(call, new Outcome.Failed("no login", !unfit || cut || !there));
          }
        });
  }

  protected void bringTo(SimBox box) {
    world.note("the user's directory is on " + box.instance);
    box.synced = true;
  }

  private void copyOut(Call call, Effect.CopyOut copy) {
    if (sim.target.has(copy.unit().id())) {
      settleIn(world.between(10, 500), call, landed(copy.unit()));
      return;
    }
    Optional<SimBox> box = sim.boxOf(copy.rental());
    long spell = box.map(b -> b.spell).orElse(0L);
    long ms = sim.plan.net().carryMs() * (sim.weather.slowCopy() ? world.between(5, 40) : 1);
    world.in(
        ms + world.between(100, 2_000),
        () -> {
          boolean there =
              box.isPresent()
                  && box.get().spell == spell
                  && box.get().online()
                  && box.get().disk.has(copy.unit().id().manifestDigest());
          boolean broke = sim.weather.cut() || (sim.weather.copyBreaks() && !world.oneIn(4));
          if (live(call) && there && !broke) {
            land(box.get(), copy.unit());
            settleIn(world.between(0, 300), call, landed(copy.unit()));
          } else {
            settle(call, retry("the copy broke"));
          }
        });
  }

  protected void land(SimBox box, Unit unit) {
    world.note("lands " + unit.id() + " at step " + unit.step());
    sim.target.land(unit.id());
    if (unit.kind() == UnitKind.CHECKPOINT) {
      box.landed.merge(Disk.model(unit.manifest()), unit.step(), Math::max);
    }
  }

  private static Outcome landed(Unit unit) {
    return new Outcome.Landed(receipt(unit, false));
  }

  private static Receipt receipt(Unit unit, boolean structureOnly) {
    return new Receipt(unit.id(), "receipts/" + unit.id(), structureOnly);
  }

  private void rescue(Call call, Effect.Rescue rescue, RunState state) {
    Optional<SimBox> box = sim.market.box(rescue.instance());
    long spell = box.map(b -> b.spell).orElse(0L);
    boolean still = box.map(b -> b.life == SimBox.Life.STOPPED && !b.hostOffline).orElse(false);
    if (!still || sim.weather.mute()) {
      settleIn(world.between(100, 5_000), call, retry("the disk cannot be read now"));
      return;
    }
    world.in(
        sim.plan.net().carryMs() + world.between(1_000, 10_000),
        () -> {
          boolean undisturbed = box.get().spell == spell && !box.get().hostOffline;
          boolean broke = sim.weather.copyBreaks() && !world.oneIn(4);
          if (live(call) && undisturbed && !broke) {
            Outcome brought = bring(box.get(), rescue.rental(), state);
            settleIn(world.between(0, 300), call, brought);
          } else {
            settle(call, retry("the rescue broke"));
          }
        });
  }

  private Outcome bring(SimBox box, RentalRef ref, RunState state) {
    Rental rental = Optional.ofNullable(state.rentals().get(ref)).orElseThrow();
    int boot = Math.max(1, rental.aboard().boot());
    long seq = rental.position();
    boolean whole = !world.oneIn(12);
    List<Outcome.RescuedUnit> units = new ArrayList<>();
    for (Saved saved : box.disk.all()) {
      if (!whole && world.oneIn(2)) {
        continue;
      }
      knows(saved);
      Optional<Unit> seen =
          state
              .cargo()
              .on(ref)
              .map(Cargo.Stowed::unit)
              .filter(u -> u.id().manifestDigest().equals(saved.digest()))
              .findFirst();
      Unit unit = seen.orElse(saved.unit(ref.generation(), boot, ++seq, world.now()));
      land(box, unit);
      units.add(new Outcome.RescuedUnit(unit, receipt(unit, true)));
    }
    return new Outcome.Rescued(units, whole, whole ? List.of() : List.of("not all was listed"));
  }
}
