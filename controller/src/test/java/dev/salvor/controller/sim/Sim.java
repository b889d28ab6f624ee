package dev.salvor.controller.sim;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.loop.Effects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One simulated world from its beginning to its end, from a seed: the product's own loop against a
/// simulated market, network, boxes and users.
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

  private static final long MAX_EVENTS = 4_000_000;

  final World world;
  final Plan plan;
  final Cast cast;
  final Weather weather;
  final SimTarget target = new SimTarget();
  final MemoryJournal journal;
  final SimMarket market;
  final Station station;
  final SimEffects effects;
  final Effects handler;
  private final long seed;
  private final Map<RunId, Voyage> voyages = new LinkedHashMap<>();
  private final FleetChecks fleet = new FleetChecks(this);

  Sim(long seed, Cast cast, Plan plan) {
    this.seed = seed;
    this.cast = cast;
    this.world = new World(seed);
    // Drawn by the caller from the same seed; what is left of the chance is the world's.
    world.chance.split();
    this.plan = plan;
    this.weather = new Weather(world);
    this.journal = new MemoryJournal(plan.stored());
    this.station = new Station(this);
    this.market = new SimMarket(this);
    this.effects = cast.effects().apply(this);
    this.handler = this.effects;
    for (int i = 0; i < plan.runs().size(); i++) {
      Voyage voyage = new Voyage(this, i + 1, plan.runs().get(i));
      voyages.put(voyage.run, voyage);
    }
  }

  static Plan plan(long seed, Mix mix) {
    return Plan.draw(new World(seed).chance.split(), mix);
  }

  /// How a simulation went.
  ///
  /// @param violation what did not hold; empty if all did
  record Result(
      long seed,
      String ending,
      long events,
      long hash,
      String violation,
      List<String> tail,
      Plan plan) {
    boolean failed() {
      return !violation.isEmpty();
    }

    String story() {
      return "seed %d: %s%nfaults: %s%n%s"
          .formatted(seed, violation, plan.faults(), String.join("\n", tail));
    }
  }

  static Result run(long seed, Mix mix) {
    return new Sim(seed, Cast.USUAL, plan(seed, mix)).play();
  }

  Result play() {
    try {
      String ending = live();
      return new Result(seed, ending, world.events(), world.hash(), "", List.of(), plan);
    } catch (Violation | IllegalStateException | IllegalArgumentException e) {
      String what = String.valueOf(e.getMessage());
      return new Result(seed, "violation", world.events(), world.hash(), what, world.tail(), plan);
    }
  }

  private String live() {
    journal.onWrite(batch -> batch.forEach(e -> voyage(e.run()).invariants.wrote(e.fact())));
    station.start();
    voyages.values().forEach(Voyage::begin);
    new Faults(this).schedule();
    long limit = plan.faultsEndMs() + LIVENESS_MS;
    long quietSince = -1;
    long lookedAt = 0;
    while (world.step()) {
      voyages.values().forEach(v -> v.invariants.afterEvent());
      fleet.afterEvent();
      if (world.ms() - lookedAt >= 1_000) {
        lookedAt = world.ms();
        quietSince = !settled() ? -1 : quietSince < 0 ? world.ms() : quietSince;
      }
      if (quietSince >= 0 && world.ms() - quietSince > AFTERMATH_MS) {
        break;
      }
      if (world.ms() > limit || world.events() > MAX_EVENTS) {
        throw new Violation("10: no end within " + LIVENESS_MS / 60_000 + " minutes: " + where());
      }
    }
    voyages.values().forEach(v -> v.invariants.atTheEnd());
    return voyages.values().stream().map(Voyage::ending).collect(Collectors.joining("+"));
  }

  private boolean settled() {
    return world.ms() >= plan.faultsEndMs() && voyages.values().stream().allMatch(Voyage::settled);
  }

  private String where() {
    return voyages.values().stream()
        .filter(v -> !v.settled())
        .map(Voyage::where)
        .findFirst()
        .orElse("all settled");
  }

  List<Voyage> voyages() {
    return new ArrayList<>(voyages.values());
  }

  Voyage voyage(RunId run) {
    Voyage voyage = voyages.get(run);
    if (voyage == null) {
      throw new IllegalStateException("No run " + run + " in this world");
    }
    return voyage;
  }
}
