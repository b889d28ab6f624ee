package dev.salvor.controller.sim;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Ended;
import dev.salvor.controller.loop.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One run in a world: what its user wants, what became of it, and what must hold for it.
final class Voyage {
  final RunId run;
  final Plan.RunPlan plan;
  final Invariants invariants;
  final SimUser user;
  private final Sim sim;

  Voyage(Sim sim, int number, Plan.RunPlan plan) {
    this.sim = sim;
    this.run = new RunId("r" + number);
    this.plan = plan;
    this.invariants = new Invariants(sim, this);
    this.user = new SimUser(sim, this);
  }

  void begin() {
    if (plan.byHand()) {
      user.adopts(sim.market.byHand(this));
    } else {
      say(new Fact.RunRequested(sim.station.now(), spec()));
    }
    user.live();
  }

  void say(Fact fact) {
    sim.station.post(new Event.Happened(run, fact));
  }

  /// As `salvor adopt` asks for it: a yes is always asked for.
  RunSpec adopting() {
    RunSpec.Finish finish =
        new RunSpec.Finish(plan.after(), false, plan.purse().grace(), plan.purse().lease());
    RunSpec spec = spec().with(finish).with(RunSpec.Box.USUAL);
    return plan.looksAfter()
        ? spec.with(RunSpec.Job.lookingAfter(List.of("/work"), List.of("/work/results")))
            .with(RunSpec.Market.none(10))
            .with(new RunSpec.Finish(RunSpec.After.DESTROY, false))
        : spec;
  }

  private RunSpec spec() {
    return new RunSpec(
            run,
            new RunSpec.Job(
                "train", "/work", Map.of(), List.of("/work"), List.of("/work/results"), care(plan)),
            new RunSpec.Market("image", "", 10, plan.interruptible(), UsdPerHour.of(1.2)),
            new RunSpec.Finish(
                    plan.after(), plan.approved(), plan.purse().grace(), plan.purse().lease())
                .keepingFailed(plan.asks().keepsFailed())
                .leavingResults(plan.asks().leavesResults()),
            plan.purse().budget())
        .with(RunSpec.Box.USUAL.syncing(plan.asks().syncs() ? "/project" : ""));
  }

  private static RunSpec.Care care(Plan.RunPlan plan) {
    RunSpec.Care none = RunSpec.Care.NONE;
    return new RunSpec.Care(
        none.tasks(),
        none.envFirst(),
        none.envResume(),
        none.listens(),
        none.scratch(),
        none.secrets(),
        none.checkpointEvery(),
        none.verify(),
        none.targets(),
        plan.keeps(),
        none.goOn(),
        Plan.meanings(plan.job()));
  }

  Optional<RunState> state() {
    return sim.station.state(run);
  }

  List<SimBox> boxes() {
    return sim.market.boxes().stream().filter(box -> box.voyage == this).toList();
  }

  Optional<SimBox> boxOf(RentalRef ref) {
    return sim.market.labelled(new Label(Sim.FLEET, run, ref).toString());
  }

  /// Over, or nothing more will happen by itself and somebody was told.
  boolean settled() {
    return state().map(s -> s.over() || parked(s) || believed()).orElse(false);
  }

  /// A box of a host that lies may say for ever that its job runs: the budget ends that.
  private boolean believed() {
    return boxes().stream().anyMatch(b -> b.liar && !b.erased);
  }

  private boolean parked(RunState s) {
    return s.open().values().stream().allMatch(i -> triedOn(s, i.effect()))
        && s.notices().stream().anyMatch(n -> !n.acknowledged() || user.reads())
        && boxes().stream().filter(b -> !b.erased).allMatch(b -> !b.trains() && told(s, b));
  }

  /// It goes on trying, and its user knows of the box it is about.
  private boolean triedOn(RunState s, Effect effect) {
    return switch (effect) {
      case Effect.Search _ -> true;
      case Effect.CopyOut copy -> told(s, copy.rental());
      case Effect.Rescue rescue -> told(s, rescue.rental());
      case Effect.Destroy destroy -> told(s, destroy.terms().rental());
      case Effect.Stop stop -> told(s, stop.rental());
      case Effect.Tell tell -> told(s, tell.rental());
      case Effect.Withdraw _, Effect.Prune _ -> true;
      case Effect.Create _, Effect.Raise _, Effect.Prepare _, Effect.ReadLog _ -> false;
    };
  }

  private boolean told(RunState s, RentalRef ref) {
    return boxOf(ref).map(box -> told(s, box)).orElse(false);
  }

  /// A notice names this box.
  static boolean told(RunState s, SimBox box) {
    return s.notices().stream()
        .anyMatch(n ->
            n.key().endsWith("-" + box.ref)
                || n.key().contains("-" + box.ref + "-")
                || n.what().contains("nstance " + box.instance + " "));
  }

  String ending() {
    return state()
        .map(s -> s.ended() instanceof Ended.Yes yes ? yes.ending().toString() : "WAITS")
        .orElse("?");
  }

  String where() {
    return state()
        .map(s ->
            "run %s: open %s, notices %s, rentals %s"
                .formatted(
                    run,
                    s.open().values().stream()
                        .map(i -> i.effect().getClass().getSimpleName())
                        .toList(),
                    s.notices().stream().map(RunState.Notice::key).toList(),
                    s.rentals().values().stream().map(Voyage::brief).toList()))
        .orElse("controller down");
  }

  private static String brief(Rental r) {
    return "%s %s %s".formatted(r.ref(), r.hold().getClass().getSimpleName(), r.seen().verdict());
  }
}
