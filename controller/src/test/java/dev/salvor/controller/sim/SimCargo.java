package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.StillDisk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Salvaged;
import dev.salvor.controller.sim.Disk.Saved;
import dev.salvor.controller.sim.SimEffects.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings cargo from a box, from a paused disk, and what a job needs onto a box.
final class SimCargo {
  private final Sim sim;
  private final World world;
  private final SimEffects effects;

  SimCargo(Sim sim, SimEffects effects) {
    this.sim = sim;
    this.world = sim.world;
    this.effects = effects;
  }

  private long carryMs(Call call) {
    return call.voyage().plan.net().carryMs();
  }

  /// A login, then the user's directory: as long as its box stays up.
  void prepare(Call call, Effect.Prepare prepare) {
    Optional<SimBox> box = sim.market.box(prepare.instance());
    long spell = box.map(b -> b.spell).orElse(0L);
    boolean unfit = world.oneIn(15);
    world.in(
        world.between(500, 20_000),
        () -> {
          boolean there = box.isPresent() && box.get().spell == spell && box.get().online();
          boolean cut = sim.weather.is(FaultKind.LOGIN_FAILS) || sim.weather.cutUp();
          if (effects.unbroken(call) && there && !cut && !unfit) {
            effects.bringTo(box.get());
            effects.settleIn(world.between(0, 300), call, new Outcome.Done());
          } else {
            effects.settle(call, new Outcome.Failed("no login", !unfit || cut || !there));
          }
        });
  }

  /// Neither the way nor the target would take it now.
  private boolean broken(Call call) {
    boolean breaks = sim.weather.is(FaultKind.COPY_BREAKS) && !world.oneIn(4);
    return breaks || !effects.unbroken(call) || sim.weather.is(FaultKind.TARGET_FULL);
  }

  void copyOut(Call call, Effect.CopyOut copy) {
    if (sim.target.has(copy.unit().id())) {
      effects.settleIn(world.between(10, 500), call, landed(copy.unit()));
      return;
    }
    Optional<SimBox> box = call.voyage().boxOf(copy.rental());
    long spell = box.map(b -> b.spell).orElse(0L);
    long slower = sim.weather.is(FaultKind.SLOW_COPY) ? world.between(5, 40) : 1;
    world.in(
        carryMs(call) * slower + world.between(100, 2_000),
        () -> {
          boolean there =
              box.isPresent()
                  && box.get().spell == spell
                  && box.get().online()
                  && !box.get().barred
                  && box.get().disk.has(copy.unit().id().manifestDigest());
          if (there && !sim.weather.cut() && !broken(call)) {
            effects.land(box.get(), copy.unit());
            effects.settleIn(world.between(0, 300), call, landed(copy.unit()));
          } else {
            effects.settle(call, SimEffects.retry("the copy broke"));
          }
        });
  }

  private static Outcome landed(Unit unit) {
    return new Outcome.Landed(receipt(unit, false));
  }

  private static Receipt receipt(Unit unit, boolean structureOnly) {
    return new Receipt(unit.id(), SimTarget.place(unit.id()), structureOnly);
  }

  void rescue(Call call, Effect.Rescue rescue, RunState state) {
    Optional<SimBox> box = sim.market.box(rescue.instance());
    long spell = box.map(b -> b.spell).orElse(0L);
    boolean still = box.map(b -> b.life == SimBox.Life.STOPPED && !b.hostOffline).orElse(false);
    boolean refused = sim.weather.mute() || sim.weather.is(FaultKind.RATE_LIMITED);
    if (!still || refused) {
      effects.settleIn(
          world.between(100, 5_000), call, SimEffects.retry("the disk cannot be read now"));
      return;
    }
    world.in(
        carryMs(call) + world.between(1_000, 10_000),
        () -> {
          boolean undisturbed =
              box.get().spell == spell && !box.get().hostOffline && !box.get().erased;
          if (undisturbed && !broken(call)) {
            Outcome brought = bring(box.get(), rescue.rental(), state);
            effects.settleIn(world.between(0, 300), call, brought);
          } else {
            effects.settle(call, SimEffects.retry("the rescue broke"));
          }
        });
  }

  private Outcome bring(SimBox box, RentalRef ref, RunState state) {
    Rental rental = Optional.ofNullable(state.rentals().get(ref)).orElseThrow();
    boolean whole = !world.oneIn(12);
    List<StillDisk.Found> found = new ArrayList<>();
    for (Saved saved : box.disk.all()) {
      if (whole || !world.oneIn(2)) {
        effects.knows(saved);
        found.add(saved.found(world.now()));
      }
    }
    List<Outcome.RescuedUnit> units = new ArrayList<>();
    for (Salvaged.Piece piece : Salvaged.of(rental, state.cargo().on(ref).toList(), found)) {
      effects.land(box, piece.unit());
      units.add(new Outcome.RescuedUnit(piece.unit(), receipt(piece.unit(), piece.isNew())));
    }
    return new Outcome.Rescued(units, whole, whole ? List.of() : List.of("not all was listed"));
  }
}
