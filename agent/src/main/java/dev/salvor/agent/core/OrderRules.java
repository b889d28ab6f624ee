package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What each kind of order means here. An order's id is remembered before it is acted on; what must
/// outlive a crash of the agent is in the memory, so nothing depends on hearing it twice.
final class OrderRules {
  /// More copies than this at once is a controller gone wrong.
  static final int MAX_CARRIES = 64;

  /// Time for a job to write what it has before a fence ends it.
  static final int FENCE_GRACE_MS = 30_000;

  private OrderRules() {}

  static void take(Turn turn, Order order) {
    if (turn.memory.ordersDone().contains(order.id())) {
      return;
    }
    turn.memory = turn.memory.withOrder(order.id());
    turn.say(
        INFO, "order", Map.of("id", order.id(), "what", order.what().getClass().getSimpleName()));
    switch (order.what()) {
      case Order.Proceed proceed -> proceed(turn, order.id(), proceed);
      case Order.CarryOut carry -> carry(turn, new CarryOrder(order.id(), carry.unit()));
      case Order.Prune prune -> prune(turn, order.id(), prune);
      case Order.Quiesce _ -> turn.note(turn.notes().withQuiesceAsked(true).withHeld(true));
      case Order.StopJob stop ->
          stop(turn, stop.graceMs(), stop.hung() ? Action.StopWhy.HUNG : Action.StopWhy.ORDERED);
      case Order.AskCheckpoint _ -> VigilRules.ask(turn, order.id());
      case Order.Fenced fenced -> fenced(turn, fenced.why());
    }
  }

  private static void proceed(Turn turn, String id, Order.Proceed proceed) {
    boolean again = turn.notes().endReported();
    if (turn.notes().proceeded() && turn.job.busy() && !again) {
      turn.say(WARN, "the job runs already, proceed changes nothing", Map.of("id", id));
      return;
    }
    Assignment.Given given = new Assignment.Given(id, proceed.job(), proceed.from());
    turn.memory = turn.memory.withAssignment(given).withFenced(false);
    turn.note(turn.notes().withProceeded(true).withHeld(false).withQuiesceAsked(false));
    if (again) {
      // The number is on the disk before the start: whatever dies now, it is started once.
      turn.note(turn.notes().again());
      turn.memory = turn.memory.withJob(turn.memory.job().nextStart());
    }
    turn.act(new Action.OpenCatalog(given.job(), turn.notes().position()));
    turn.chores = turn.chores.withCatalogOpen();
    JobRules.begin(turn);
  }

  private static void carry(Turn turn, CarryOrder order) {
    List<CarryOrder> carries = new ArrayList<>(turn.memory.carries());
    if (carries.size() >= MAX_CARRIES) {
      turn.report(new Report.OrderFailed(order.orderId(), "64 copies wait on this box already"));
      return;
    }
    carries.add(order);
    turn.memory = turn.memory.withCarries(carries);
  }

  private static void prune(Turn turn, String id, Order.Prune prune) {
    if (turn.chores.catalogOpen()) {
      turn.act(new Action.Prune(id, prune.unit(), prune.stays()));
    } else {
      turn.report(new Report.OrderFailed(id, "no job was started here since the last boot"));
    }
  }

  /// Ends the job, or keeps it from starting.
  static void stop(Turn turn, int graceMs, Action.StopWhy why) {
    turn.note(turn.notes().withHeld(true));
    switch (turn.job) {
      case JobPhase.Running _, JobPhase.Starting _, JobPhase.Unknown _ ->
          turn.act(new Action.StopJob(graceMs, why));
      case JobPhase.Gating _, JobPhase.Restoring _ -> {
        turn.job = new JobPhase.Idle();
        turn.note(turn.notes().withProceeded(false));
      }
      case JobPhase.Idle _, JobPhase.Ended _ ->
          turn.say(INFO, "no job runs, nothing to stop", Map.of());
    }
  }

  private static void fenced(Turn turn, String why) {
    turn.memory = turn.memory.withFenced(true);
    turn.say(WARN, "fenced: a newer generation is current, no job here", Map.of("why", why));
    stop(turn, FENCE_GRACE_MS, Action.StopWhy.FENCED);
  }
}
