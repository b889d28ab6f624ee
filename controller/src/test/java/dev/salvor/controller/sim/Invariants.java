package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What must hold for one run after every event, whatever went wrong: each check is one of the
/// design's invariants, judged by the world's truth and not by what the controller believes.
final class Invariants {
  private static final int MAX_QUEUE = 2_000;
  private static final int MAX_OPEN = 20;
  private static final int MAX_NOTICES = 200;
  private static final long OVERDUE_SLACK_MS = 5_000;
  private static final long SWEEP_MS = 30_000;
  private static final long ORDINARY_WIRE_MS = 15_000;
  private static final long BOTH_TRAIN_MS = 90_000;
  private static final long BOTH_RUN_MS = 180_000;
  private static final long UNTOLD_METER_MS = 20 * 60_000;

  /// The controller may need so long to see and to stop a meter that is past the budget.
  private static final long OVER_MS = 6 * 60_000;

  /// And an agent alone for as long as its lease may be without a job.
  private static final long OVER_ALONE_MS = 150 * 60_000;

  /// A meter that was not looked at for longer may have run at another rate.
  private static final long BLIND_MS = 5 * 60_000;

  private final Sim sim;
  private final World world;
  private final Voyage voyage;
  private final JournalChecks journal;
  private final CargoChecks cargo;
  private long bothTrainMs;
  private long bothRunMs;
  private long checkedAt;
  private int compared;

  Invariants(Sim sim, Voyage voyage) {
    this.sim = sim;
    this.world = sim.world;
    this.voyage = voyage;
    this.journal = new JournalChecks(sim, voyage);
    this.cargo = new CargoChecks(sim, voyage, journal);
  }

  /// The journal grew.
  void wrote(Fact fact) {
    journal.wrote(fact);
    cargo.moved(journal.state());
  }

  /// The loop has taken a turn.
  void afterTurn() {
    Optional<RunState> state = voyage.state();
    if (state.isEmpty()) {
      return;
    }
    if (journal.size() != compared) {
      compared = journal.size();
      check(state.equals(journal.state()), "9: the loop's state is not what its journal gives");
    }
    check(state.get().open().size() <= MAX_OPEN, "6: too many open effects");
    check(state.get().notices().size() <= MAX_NOTICES, "6: notices without end");
    check(sim.station.deepest() < MAX_QUEUE, "6: the queue grows");
    for (RunState.Intent intent : state.get().open().values()) {
      Instant due = intent.since().plus(intent.patience()).plusMillis(OVERDUE_SLACK_MS);
      check(sim.station.now().isBefore(due), "6: overdue: " + intent);
    }
    for (Rental r : state.get().rentals().values()) {
      never(r);
    }
  }

  /// "It never was" is said only of what the world never had, or got too late to know.
  private void never(Rental r) {
    if (!(r.hold() instanceof Rental.Hold.Never)) {
      return;
    }
    for (SimBox box : voyage.boxes()) {
      boolean ordinary = journal.askedMs(r.ref()) + ORDINARY_WIRE_MS > box.createdAt;
      check(
          box.erased || !box.ref.equals(r.ref()) || !ordinary,
          "4: given up as never rented, but there it is: " + box.instance);
    }
  }

  /// An order to start reaches a box. One whose host says that its job ran is taken at its word.
  void starting(SimBox box) {
    check(!box.erased, "an order for what is erased");
    check(
        box.synced || box.liar || voyage.plan.byHand() || !voyage.plan.asks().syncs(),
        "starts the job on " + box.instance + " before the user's directory is there");
  }

  /// A job starts: the run has not gone on elsewhere, or the box could not know.
  void starts(SimBox box) {
    cargo.starts(box);
  }

  /// A checkpoint was brought onto a box for its job to go on from.
  void resumes(SimBox box, Disk.Saved from) {
    cargo.resumes(box, from);
  }

  /// A job finds no room: our own pins must not be why.
  void noRoom(SimBox box) {
    int most = 2 * voyage.plan.job().models();
    check(box.disk.pinned() <= most, "our pins fill the disk of " + box.instance);
  }

  void calling(Permit permit) {
    cargo.calling(permit);
  }

  /// A unit is about to be taken from the target.
  void withdrawing(UnitPermit permit) {
    cargo.withdrawing(permit);
  }

  /// The order is about to leave that removes a checkpoint from a box.
  void pruning(PrunePermit permit) {
    cargo.pruning(permit);
  }

  /// A box removes a checkpoint by our order.
  void removing(SimBox box, UnitId unit) {
    cargo.removing(box, unit);
  }

  void erasing(SimBox box, Permit permit) {
    cargo.erasing(box, permit);
  }

  void afterEvent() {
    long passed = world.ms() - checkedAt;
    if (passed < 1_000) {
      return;
    }
    checkedAt = world.ms();
    Optional<RunState> state = voyage.state();
    List<SimBox> there = voyage.boxes().stream().filter(box -> !box.erased).toList();
    spends(there, passed);
    boolean healthy =
        sim.station.attends(0) && sim.weather.providerWell() && sim.weather.linesWell();
    if (!healthy || state.isEmpty()) {
      return;
    }
    oneTrains(there, passed);
    for (SimBox box : there) {
      knownRental(box, state.get(), passed);
      toldMeter(box, state.get(), passed);
    }
  }

  private void oneTrains(List<SimBox> there, long passed) {
    long training = there.stream().filter(b -> b.online() && b.job.running()).count();
    bothTrainMs = training > 1 ? bothTrainMs + passed : 0;
    check(bothTrainMs < BOTH_TRAIN_MS, "4: two boxes train");
    long running = there.stream().filter(SimBox::online).count();
    bothRunMs = running > 1 ? bothRunMs + passed : 0;
    check(bothRunMs < BOTH_RUN_MS, "4: two boxes run");
  }

  private void knownRental(SimBox box, RunState state, long passed) {
    Rental r = state.rentals().get(box.ref);
    boolean known =
        r != null
            && r.mayExist()
            && (!(r.hold() instanceof Rental.Hold.Held held)
                || held.instance().equals(box.instance));
    box.unknownMs = known ? 0 : box.unknownMs + passed;
    check(box.unknownMs < SWEEP_MS, "5: nobody knows of instance " + box.instance);
  }

  /// A meter that runs without a job is announced.
  private void toldMeter(SimBox box, RunState state, long passed) {
    boolean progress = box.trains() || comesHome(box, state) || box.liar;
    boolean told = Voyage.told(state, box);
    box.idleMs = progress || told ? 0 : box.idleMs + passed;
    check(
        box.idleMs < UNTOLD_METER_MS,
        "7: nobody was told that instance %s runs its meter idle".formatted(box.instance));
  }

  /// Its cargo is on the way: that is what it is paid for.
  private static boolean comesHome(SimBox box, RunState state) {
    return state.opened(Effect.CopyOut.class).stream().anyMatch(e -> e.rental().equals(box.ref))
        || state.opened(Effect.Rescue.class).stream().anyMatch(e -> e.rental().equals(box.ref));
  }

  /// Past the budget nothing trains on: the controller sees to it, or else the lease.
  private void spends(List<SimBox> there, long passed) {
    double spent = voyage.boxes().stream().mapToDouble(SimBox::cost).sum();
    boolean over = spent > voyage.plan.purse().budget().micros();
    boolean watched = sim.station.unwatchedMs() < BLIND_MS;
    boolean seen = sim.station.attends(60_000) && sim.weather.providerWell();
    for (SimBox box : there) {
      boolean alone = box.agent.up() && box.agent.connection() == 0;
      box.overMs = over && box.online() && alone ? box.overMs + passed : 0;
      check(box.overMs < OVER_ALONE_MS, "7: nothing bounds what " + box.instance + " spends");
      boolean trains = ((over && watched) || knownOver()) && box.trains() && !box.liar;
      box.seenOverMs = trains && seen ? box.seenOverMs + passed : 0;
      check(box.seenOverMs < OVER_MS, "7: " + box.instance + " trains past the budget");
    }
  }

  /// What a box cost while nobody looked at it is not known before the bill.
  private boolean knownOver() {
    return voyage
        .state()
        .map(s -> s.spent(sim.station.now()).compareTo(voyage.plan.purse().budget()) > 0)
        .orElse(false);
  }

  /// Replaying the whole journal gives the state that the loop has.
  void atTheEnd() {
    journal.atTheEnd();
  }

  static void check(boolean holds, String what) {
    if (!holds) {
      throw new Violation(what);
    }
  }
}
