package dev.salvor.controller.sim;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.RunState.Ended;
import dev.salvor.controller.loop.Effects;
import dev.salvor.controller.loop.Event;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One simulated run from its beginning to its end, from a seed: the product's own loop against a
/// simulated market, network, boxes and user.
///
/// To see a failing seed again: `mvn test -Dtest=SimulationTest -Dsalvor.sim.from=SEED
/// -Dsalvor.sim.seeds=1`.
final class Sim {
  static final String FLEET = "sim";

  /// Once faults end, a run has this long to reach its end: waiting for a bid takes an hour, a box
  /// that never loads a quarter.
  private static final long LIVENESS_MS = 6 * 3_600_000L;

  /// After its end it is watched for late twins and boxes that come back.
  private static final long AFTERMATH_MS = 10 * 60_000L;

  private static final long MAX_EVENTS = 2_000_000;

  final RunId run = new RunId("r");
  final World world;
  final Plan plan;
  final Weather weather;
  final SimTarget target = new SimTarget();
  final MemoryJournal journal = new MemoryJournal();
  final Invariants invariants;
  final SimMarket market;
  final Station station;
  final SimEffects effects;
  final Effects handler;
  private final long seed;
  private final SimUser user;

  Sim(long seed, Function<Sim, SimEffects> effects) {
    this.seed = seed;
    this.world = new World(seed);
    this.plan = Plan.draw(world.chance.split());
    this.weather = new Weather(world);
    this.station = new Station(this);
    this.invariants = new Invariants(this);
    this.market = new SimMarket(this);
    this.effects = effects.apply(this);
    this.handler = this.effects;
    this.user = new SimUser(this);
  }

  /// How a simulation went.
  ///
  /// @param violation what did not hold; empty if all did
  record Result(
      long seed, String ending, long events, long hash, String violation, List<String> tail) {
    boolean failed() {
      return !violation.isEmpty();
    }

    String story() {
      return "seed %d: %s%n%s".formatted(seed, violation, String.join("\n", tail));
    }
  }

  static Result run(long seed) {
    return new Sim(seed, SimEffects::new).play();
  }

  Result play() {
    try {
      return new Result(seed, live(), world.events(), world.hash(), "", List.of());
    } catch (Violation | IllegalStateException | IllegalArgumentException e) {
      return new Result(
          seed,
          "violation",
          world.events(),
          world.hash(),
          String.valueOf(e.getMessage()),
          world.tail());
    }
  }

  private String live() {
    journal.onWrite(invariants::wrote);
    station.start();
    station.post(new Event.Happened(run, new Fact.RunRequested(world.now(), spec())));
    new Faults(this).schedule();
    user.live();
    long limit = plan.faultsEndMs() + LIVENESS_MS;
    long quietSince = -1;
    while (world.step()) {
      invariants.afterEvent();
      quietSince = !settled() ? -1 : quietSince < 0 ? world.ms() : quietSince;
      if (quietSince >= 0 && world.ms() - quietSince > AFTERMATH_MS) {
        break;
      }
      if (world.ms() > limit || world.events() > MAX_EVENTS) {
        throw new Violation("10: no end within " + LIVENESS_MS / 60_000 + " minutes: " + where());
      }
    }
    invariants.atTheEnd();
    return ending();
  }

  private RunSpec spec() {
    return new RunSpec(
            run,
            new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of("/work/results")),
            new RunSpec.Market("image", "", 10, plan.interruptible(), UsdPerHour.of(1.2)),
            new RunSpec.Finish(plan.after(), plan.approved())
                .keepingFailed(plan.asks().keepsFailed())
                .leavingResults(plan.asks().leavesResults()),
            Usd.of(50))
        .with(RunSpec.Box.USUAL.syncing(plan.asks().syncs() ? "/project" : ""));
  }

  /// Over, or nothing more will happen by itself and somebody was told.
  private boolean settled() {
    if (world.ms() < plan.faultsEndMs()) {
      return false;
    }
    return station.state().map(s -> s.over() || parked(s)).orElse(false);
  }

  private boolean parked(RunState s) {
    return s.open().values().stream().allMatch(i -> i.effect() instanceof Effect.Search)
        && s.notices().stream().anyMatch(n -> !n.acknowledged())
        && market.boxes().stream().filter(b -> !b.erased).allMatch(b -> !b.trains() && told(s, b));
  }

  /// A notice names this box.
  static boolean told(RunState s, SimBox box) {
    return s.notices().stream()
        .anyMatch(n ->
            n.key().endsWith("-" + box.ref)
                || n.key().contains("-" + box.ref + "-")
                || n.what().contains("nstance " + box.instance + " "));
  }

  private String ending() {
    return station
        .state()
        .map(s -> s.ended() instanceof Ended.Yes yes ? yes.ending().toString() : "WAITS")
        .orElse("?");
  }

  private String where() {
    return station
        .state()
        .map(s ->
            "open %s, notices %s, rentals %s"
                .formatted(
                    s.open().values().stream()
                        .map(i -> i.effect().getClass().getSimpleName())
                        .toList(),
                    s.notices().stream().map(RunState.Notice::key).toList(),
                    s.rentals().values().stream().map(Sim::brief).toList()))
        .orElse("controller down");
  }

  private static String brief(Rental r) {
    return "%s %s %s".formatted(r.ref(), r.hold().getClass().getSimpleName(), r.seen().verdict());
  }

  Optional<SimBox> boxOf(RentalRef ref) {
    return market.labelled(new Label(FLEET, run, ref).toString());
  }
}
