package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Cargo.Frontier;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Verdict;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.sim.Disk.Saved;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What must hold after every event, whatever went wrong: each check is one of the design's
/// invariants, judged by the world's truth and not by what the controller believes.
final class Invariants {
  private static final int MAX_QUEUE = 2_000;
  private static final int MAX_OPEN = 20;
  private static final int MAX_INTENTS = 4_000;
  private static final long OVERDUE_SLACK_MS = 5_000;
  private static final long SWEEP_MS = 30_000;
  private static final long ORDINARY_WIRE_MS = 15_000;
  private static final long BOTH_TRAIN_MS = 90_000;
  private static final long BOTH_RUN_MS = 180_000;
  private static final long UNTOLD_METER_MS = 20 * 60_000;

  private final Sim sim;
  private final World world;
  private Optional<RunState> shadow = Optional.empty();
  private Set<UnitId> knownAtCall = Set.of();
  private long frontier = -1;
  private long bothTrainMs;
  private long bothRunMs;
  private long checkedAt;
  private int intents;
  private int compared;

  Invariants(Sim sim) {
    this.sim = sim;
    this.world = sim.world;
  }

  /// The journal grew: the same facts give the same state.
  void wrote(List<Journal.Entry> batch) {
    for (Journal.Entry entry : batch) {
      Fact fact = entry.fact();
      trace(fact);
      shadow.ifPresent(before -> fact(before, fact));
      shadow =
          shadow.isEmpty()
              ? Optional.of(Fold.begin((Fact.RunRequested) fact))
              : shadow.map(s -> Fold.fold(s, fact));
    }
    moveFrontier();
  }

  private void trace(Fact fact) {
    world.note(fact.toString());
  }

  private void fact(RunState before, Fact fact) {
    if (fact instanceof Fact.Intended intended) {
      intended(before, intended);
    }
    if (fact instanceof Fact.Settled settled) {
      receipts(settled.outcome())
          .forEach(r -> check(sim.target.has(r.unit()), "2: a receipt for what did not land"));
    }
  }

  private static List<Receipt> receipts(Outcome outcome) {
    if (outcome instanceof Outcome.Landed landed) {
      return List.of(landed.receipt());
    }
    return outcome instanceof Outcome.Rescued rescued
        ? rescued.units().stream().map(Outcome.RescuedUnit::receipt).toList()
        : List.of();
  }

  private void intended(RunState before, Fact.Intended f) {
    intents++;
    check(intents < MAX_INTENTS, "6: retries without end: " + f.effect());
    if (f.effect() instanceof Effect.Create create) {
      boolean unknown = before.rentals().values().stream().anyMatch(Invariants::unknown);
      check(!unknown, "8: creates while a verdict is unknown");
      boolean again =
          sim.market.boxes().stream().anyMatch(b -> !b.erased && b.ref.equals(create.rental()));
      check(!again, "4: rents what it has rented already: " + create.rental());
    }
    if (f.effect() instanceof Effect.Destroy destroy) {
      Optional<Rental> r = Optional.ofNullable(before.rentals().get(destroy.terms().rental()));
      boolean blind = r.filter(x -> unknown(x) && !x.marks().abandoned()).isPresent();
      check(!blind, "8: destroys while it is unknown");
    }
  }

  private static boolean unknown(Rental r) {
    return r.mayExist() && r.seen().verdict() instanceof Verdict.Unknown;
  }

  private void moveFrontier() {
    long step =
        shadow
            .map(s -> s.cargo().frontier() instanceof Frontier.At at ? at.step() : -1L)
            .orElse(-1L);
    check(step >= frontier, "3: the frontier moved back from " + frontier + " to " + step);
    frontier = step;
  }

  /// The loop has taken a turn.
  void afterTurn() {
    Optional<RunState> state = sim.station.state();
    if (state.isEmpty()) {
      return;
    }
    if (sim.journal.size() != compared) {
      compared = sim.journal.size();
      check(state.equals(shadow), "9: the loop's state is not what its journal gives");
    }
    check(state.get().open().size() <= MAX_OPEN, "6: too many open effects");
    check(sim.station.deepest() < MAX_QUEUE, "6: the queue grows");
    for (RunState.Intent intent : state.get().open().values()) {
      Instant due = intent.since().plus(intent.patience()).plusMillis(OVERDUE_SLACK_MS);
      check(world.now().isBefore(due), "6: overdue: " + intent);
    }
    for (Rental r : state.get().rentals().values()) {
      never(r);
    }
  }

  /// "It never was" is said only of what the world never had, or got too late to know.
  private void never(Rental r) {
    if (r.hold() instanceof Rental.Hold.Never) {
      for (SimBox box : sim.market.boxes()) {
        boolean ordinary =
            box.createdAt - (r.askedAt().toEpochMilli() - begin()) < ORDINARY_WIRE_MS;
        check(
            box.erased || !box.ref.equals(r.ref()) || !ordinary,
            "4: given up as never rented, but there it is: " + box.instance);
      }
    }
  }

  private long begin() {
    return world.now().toEpochMilli() - world.ms();
  }

  /// An order to start reaches a box.
  void starting(SimBox box) {
    check(!box.erased, "an order for what is erased");
    check(
        box.synced || !sim.plan.asks().syncs(),
        "starts the job on " + box.instance + " before the user's directory is there");
  }

  /// The call that erases is about to be made. What a writer that outlived its job finishes while
  /// the call is on the wire, nobody could have known.
  void calling(Permit permit) {
    shadow.ifPresent(s -> knownAtCall = Set.copyOf(s.cargo().units().keySet()));
    boolean holds =
        shadow
            .map(s -> Permits.recheck(permit, s, world.now()) instanceof Permits.Ruling.Granted)
            .orElse(false);
    check(holds, "1: erases by a permit that no longer holds: " + permit);
  }

  /// The world erases a box.
  void erasing(SimBox box, Permit permit) {
    if (permit.terms().ground() == Permit.Ground.ABANDONED) {
      return;
    }
    check(!box.job.running(), "1: erases " + box.instance + " while its job runs");
    for (Saved saved : box.disk.all()) {
      boolean safe =
          sim.target.holds(saved.digest())
              || replaced(box, saved)
              || (saved.straggler() && !known(saved))
              || (saved.kind() == UnitKind.RESULTS && sim.plan.asks().leavesResults());
      check(
          safe,
          "1: erases the only copy of %s at step %d on %s, by %s"
              .formatted(saved.kind(), saved.step(), box.instance, permit));
    }
  }

  /// A later checkpoint of the same model is at home.
  private static boolean replaced(SimBox box, Saved saved) {
    return saved.kind() == UnitKind.CHECKPOINT
        && saved.step() <= box.landed.getOrDefault(Disk.model(saved.manifest()), -1L);
  }

  private boolean known(Saved saved) {
    return knownAtCall.stream().anyMatch(id -> id.manifestDigest().equals(saved.digest()));
  }

  void afterEvent() {
    long passed = world.ms() - checkedAt;
    if (passed < 1_000) {
      return;
    }
    checkedAt = world.ms();
    boolean healthy = sim.station.up() && !sim.weather.mute() && !sim.weather.cut();
    Optional<RunState> state = sim.station.state();
    if (!healthy || state.isEmpty()) {
      return;
    }
    oneTrains(passed);
    for (SimBox box : sim.market.boxes()) {
      if (!box.erased) {
        knownRental(box, state.get(), passed);
        toldMeter(box, state.get(), passed);
      }
    }
  }

  private void oneTrains(long passed) {
    long training = sim.market.boxes().stream().filter(b -> b.online() && b.job.running()).count();
    bothTrainMs = training > 1 && !sim.weather.stale() ? bothTrainMs + passed : 0;
    check(bothTrainMs < BOTH_TRAIN_MS, "4: two boxes train");
    long running = sim.market.boxes().stream().filter(SimBox::online).count();
    bothRunMs = running > 1 && !sim.weather.stale() ? bothRunMs + passed : 0;
    check(bothRunMs < BOTH_RUN_MS, "4: two boxes run");
  }

  private void knownRental(SimBox box, RunState state, long passed) {
    Rental r = state.rentals().get(box.ref);
    boolean known =
        r != null
            && r.mayExist()
            && (!(r.hold() instanceof Rental.Hold.Held held)
                || held.instance().equals(box.instance));
    long ms = known || sim.weather.stale() ? 0 : box.unknownMs + passed;
    box.unknownMs = ms;
    check(ms < SWEEP_MS, "5: nobody knows of instance " + box.instance);
  }

  /// A meter that runs without a job is announced.
  private void toldMeter(SimBox box, RunState state, long passed) {
    boolean progress = box.trains() || comesHome(box, state);
    boolean told = Sim.told(state, box);
    long ms = progress || told ? 0 : box.idleMs + passed;
    box.idleMs = ms;
    check(
        ms < UNTOLD_METER_MS,
        "7: nobody was told that instance %s runs its meter idle".formatted(box.instance));
  }

  /// Its cargo is on the way: that is what it is paid for.
  private static boolean comesHome(SimBox box, RunState state) {
    return state.opened(Effect.CopyOut.class).stream().anyMatch(e -> e.rental().equals(box.ref))
        || state.opened(Effect.Rescue.class).stream().anyMatch(e -> e.rental().equals(box.ref));
  }

  /// Replaying the whole journal gives the state that the loop has.
  void atTheEnd() {
    RunState[] replayed = new RunState[1];
    sim.journal.replay(e ->
        replayed[0] =
            replayed[0] == null
                ? Fold.begin((Fact.RunRequested) e.fact())
                : Fold.fold(replayed[0], e.fact()));
    check(
        sim.station.state().map(s -> s.equals(replayed[0])).orElse(true),
        "9: a replay gives another state");
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new Violation(what);
    }
  }
}
