package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Withdrawals;
import dev.salvor.controller.loop.Effects;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.sim.Disk.Saved;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Does to the simulated world what the product's workers do to the real one. What is under way
/// dies with the controller that asked for it, but for requests that are on the wire.
class SimEffects implements Effects {
  protected final Sim sim;
  protected final World world;
  private final SimCargo cargo;
  private final SimOrders orders;
  private final Map<Sha256, Saved> known = new HashMap<>();

  SimEffects(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
    this.cargo = new SimCargo(sim, this);
    this.orders = new SimOrders(sim, this);
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
    Call call = new Call(sim.voyage(run), id, sim.station.incarnation(), sim.station.sleeps());
    switch (effect) {
      case Effect.Search _ -> search(call);
      case Effect.Create create -> create(call, create);
      case Effect.Stop stop -> request(call, Kind.ORDINARY, () -> stop(stop));
      case Effect.Raise raise ->
          request(call, Kind.START, () -> sim.market.raise(raise.instance(), raise.bid()));
      case Effect.Destroy destroy -> destroy(call, destroy, state);
      case Effect.Tell tell -> orders.tell(call, tell);
      case Effect.Prune prune -> prune(call, prune, state);
      case Effect.Withdraw withdraw -> withdraw(call, withdraw, state);
      case Effect.CopyOut copy -> cargo.copyOut(call, copy);
      case Effect.Prepare prepare -> cargo.prepare(call, prepare);
      case Effect.ReadLog _ -> request(call, Kind.ORDINARY, () -> {});
      case Effect.Rescue rescue -> cargo.rescue(call, rescue, state);
    }
  }

  /// One handed effect and the controller's life it belongs to.
  record Call(Voyage voyage, long id, long incarnation, long sleeps) {}

  /// What a request asks of the platform.
  enum Kind {
    ORDINARY,
    START,
    ERASE
  }

  /// How a request to the platform fares.
  private enum Fate {
    DONE,
    LOST_BEFORE,
    LOST_AFTER,
    LIMITED,
    FAILED_BEFORE,
    FAILED_AFTER;

    boolean arrives() {
      return switch (this) {
        case DONE, LOST_AFTER, FAILED_AFTER -> true;
        case LOST_BEFORE, LIMITED, FAILED_BEFORE -> false;
      };
    }

    String words() {
      return switch (this) {
        case DONE -> "";
        case LOST_BEFORE, LOST_AFTER -> "the answer was lost";
        case LIMITED -> "429 too many requests";
        case FAILED_BEFORE, FAILED_AFTER -> "502 bad gateway";
      };
    }
  }

  private Fate fate() {
    Weather w = sim.weather;
    if (w.mute()) {
      return Fate.LOST_BEFORE;
    }
    if (w.is(FaultKind.RATE_LIMITED) && !world.oneIn(4)) {
      return Fate.LIMITED;
    }
    if (w.is(FaultKind.ERRORS_BEFORE) && world.oneIn(2)) {
      return Fate.FAILED_BEFORE;
    }
    if (w.is(FaultKind.ERRORS_AFTER) && world.oneIn(2)) {
      return Fate.FAILED_AFTER;
    }
    if (w.is(FaultKind.LOST_REPLIES)) {
      return world.oneIn(3) ? Fate.LOST_BEFORE : world.oneIn(2) ? Fate.LOST_AFTER : Fate.DONE;
    }
    return Fate.DONE;
  }

  protected void stop(Effect.Stop stop) {
    sim.market.stop(stop.instance());
  }

  /// The controller that asked is still the one that runs.
  protected boolean live(Call call) {
    return sim.station.incarnation() == call.incarnation();
  }

  /// And nothing interrupted it meanwhile.
  boolean unbroken(Call call) {
    return live(call) && !sim.station.asleep() && sim.station.sleeps() == call.sleeps();
  }

  protected void settle(Call call, Outcome outcome) {
    if (live(call)) {
      Fact fact = new Fact.Settled(sim.station.now(), call.id(), outcome);
      call.voyage().say(fact);
    }
  }

  protected void settleIn(long ms, Call call, Outcome outcome) {
    world.in(ms, () -> settle(call, outcome));
  }

  static Outcome retry(String why) {
    return new Outcome.Failed(why, true);
  }

  private void search(Call call) {
    Fate fate = fate();
    world.in(
        world.between(50, 2_000),
        () ->
            settle(
                call,
                fate == Fate.DONE ? new Outcome.Offers(sim.market.offers()) : retry(fate.words())));
  }

  private void create(Call call, Effect.Create create) {
    Fate fate = fate();
    if (!fate.arrives()) {
      // A platform that says so before it looks at the request has rented nothing out.
      Outcome outcome = fate == Fate.LIMITED ? new Outcome.Refused(fate.words()) : unclear();
      settleIn(world.between(20, 10_000), call, outcome);
      return;
    }
    boolean late = sim.weather.is(FaultKind.LATE_REQUESTS);
    long wire = late ? world.between(20_000, 240_000) : world.between(20, 3_000);
    world.in(
        world.between(0, 50),
        () -> {
          if (live(call)) {
            world.in(wire, () -> created(call, create, late || fate != Fate.DONE));
            if (late) {
              settleIn(world.between(10_000, 20_000), call, unclear());
            }
          }
        });
  }

  private void created(Call call, Effect.Create create, boolean silent) {
    String label = new Label(Sim.FLEET, call.voyage().run, create.rental()).toString();
    Outcome outcome =
        sim.market
            .create(call.voyage(), label, create)
            .<Outcome>map(Outcome.Created::new)
            .orElseGet(() -> new Outcome.Refused("no longer for rent"));
    settleIn(world.between(20, 2_000), call, silent ? unclear() : outcome);
  }

  protected Outcome unclear() {
    return new Outcome.Unclear("the answer was lost");
  }

  private void request(Call call, Kind kind, Runnable effect) {
    Fate fate = fate();
    long wire = world.between(20, 1_500);
    if (fate.arrives()) {
      boolean queued = kind == Kind.START && sim.weather.is(FaultKind.QUEUED_STARTS);
      boolean late = kind != Kind.ERASE && sim.weather.is(FaultKind.LATE_REQUESTS);
      long more = queued ? world.between(30_000, 600_000) : late ? world.between(0, 60_000) : 0;
      world.in(wire + more, effect);
    }
    Outcome outcome = fate == Fate.DONE ? new Outcome.Done() : retry(fate.words());
    settleIn(wire + world.between(20, 1_500), call, outcome);
  }

  /// Are the bytes still there; is the permit still good, in the newest state; then at once.
  protected void destroy(Call call, Effect.Destroy destroy, RunState state) {
    world.in(
        world.between(10, 8_000),
        () -> {
          if (!unbroken(call)) {
            settle(call, retry("interrupted"));
            return;
          }
          if (!bytesThere(destroy.terms().rental(), state)) {
            settle(call, new Outcome.Failed("the target lost what was proven", true));
            return;
          }
          sim.station.post(
              new Event.Asked(runs ->
                  recheck(call, Optional.ofNullable(runs.states().get(call.voyage().run)))));
        });
  }

  private boolean bytesThere(RentalRef rental, RunState state) {
    return state
        .cargo()
        .on(rental)
        .filter(s -> s.proof() instanceof Cargo.Proof.Proven)
        .allMatch(s -> sim.target.has(s.unit().id()));
  }

  protected void recheck(Call call, Optional<RunState> now) {
    Optional<Permit> permit = now.map(s -> s.permits().get(call.id()));
    if (permit.isEmpty()) {
      settle(call, retry("there is no permit"));
      return;
    }
    switch (Permits.recheck(permit.get(), now.orElseThrow(), sim.station.now())) {
      case Permits.Ruling.Refused refused -> settle(call, retry(refused.reasons().toString()));
      case Permits.Ruling.Granted _ -> erase(call, permit.get());
    }
  }

  /// Is what stays there; is the permit still good, in the newest state; then at once.
  protected void withdraw(Call call, Effect.Withdraw withdraw, RunState state) {
    world.in(
        world.between(10, 8_000),
        () -> {
          if (!unbroken(call) || !stays(withdraw.terms())) {
            settle(call, retry("what stays is not there"));
            return;
          }
          sim.station.post(
              new Event.Asked(runs ->
                  withdrawBy(call, Optional.ofNullable(runs.states().get(call.voyage().run)))));
        });
  }

  private boolean stays(UnitPermit.Terms terms) {
    return terms.stays().stream().allMatch(sim.target::has);
  }

  private void withdrawBy(Call call, Optional<RunState> now) {
    Optional<UnitPermit> permit = now.map(s -> s.cargo().withdrawing().permits().get(call.id()));
    boolean good =
        permit
            .filter(p -> stays(p.terms()))
            .map(p -> Withdrawals.recheck(p, now.orElseThrow(), sim.station.now()))
            .filter(Withdrawals.Ruling.Granted.class::isInstance)
            .isPresent();
    if (good) {
      withdraw(call, permit.orElseThrow());
    } else {
      settle(call, retry("there is no permit for the unit now"));
    }
  }

  protected void withdraw(Call call, UnitPermit permit) {
    call.voyage().invariants.withdrawing(permit);
    world.note("takes away " + permit.terms().unit());
    sim.target.erase(permit.terms().unit());
    settleIn(world.between(10, 500), call, new Outcome.Done());
  }

  /// Is its copy whole; is the permit still good, in the newest state; then the order leaves.
  protected void prune(Call call, Effect.Prune prune, RunState state) {
    world.in(
        world.between(10, 8_000),
        () -> {
          if (!unbroken(call) || !sim.target.has(prune.terms().unit())) {
            settle(call, retry("its copy is not whole"));
            return;
          }
          sim.station.post(
              new Event.Asked(runs ->
                  pruneBy(call, Optional.ofNullable(runs.states().get(call.voyage().run)))));
        });
  }

  private void pruneBy(Call call, Optional<RunState> now) {
    Optional<PrunePermit> permit = now.map(s -> s.cargo().pruning().permits().get(call.id()));
    boolean good =
        permit
            .filter(p -> sim.target.has(p.terms().unit()))
            .map(p -> Prunings.recheck(p, now.orElseThrow(), sim.station.now()))
            .filter(Prunings.Ruling.Granted.class::isInstance)
            .isPresent();
    if (good) {
      prune(call, permit.orElseThrow());
    } else {
      settle(call, retry("there is no permit to remove it now"));
    }
  }

  protected void prune(Call call, PrunePermit permit) {
    call.voyage().invariants.pruning(permit);
    orders.prune(call, permit);
  }

  protected void erase(Call call, Permit permit) {
    call.voyage().invariants.calling(permit);
    request(call, Kind.ERASE, () -> sim.market.destroy(permit));
  }

  protected void bringTo(SimBox box) {
    world.note("the user's directory is on " + box.instance);
    box.synced = true;
    if (box.byHand) {
      box.board(new Label(Sim.FLEET, box.voyage.run, box.ref).toString());
    }
  }

  protected void land(SimBox box, Unit unit) {
    world.note("lands " + unit.id() + " at step " + unit.step());
    sim.target.land(unit.id());
    if (unit.kind() == UnitKind.CHECKPOINT) {
      box.landed.merge(Disk.model(unit.manifest()), unit.step(), Math::max);
    }
  }
}
