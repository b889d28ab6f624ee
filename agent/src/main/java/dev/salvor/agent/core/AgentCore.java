package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import java.util.Map;

/// The agent's mind: one event in, the state after it and what to do out. Pure.
public final class AgentCore {
  /// Disks and GPUs change over minutes; ten seconds shows the trend at no cost.
  static final long PROBE_EVERY_MS = 10_000;

  private AgentCore() {}

  public static Step step(AgentState state, AgentEvent event, Moment now) {
    Turn turn = new Turn(state, now);
    switch (event) {
      case AgentEvent.Started _ -> started(turn);
      case AgentEvent.Tick _ -> {
        // The chores below look at the clock.
      }
      case AgentEvent.Terminated terminated -> terminated(turn, terminated.why());
      case AgentEvent.SpoolFilled spool -> spoolFilled(turn, spool.full());
      case AgentEvent.FromLink fromLink -> LinkRules.apply(turn, fromLink);
      case AgentEvent.FromJob fromJob -> JobRules.apply(turn, fromJob);
      case AgentEvent.FromCargo fromCargo -> CargoRules.apply(turn, fromCargo);
      case AgentEvent.FromPlatform fromPlatform -> LeaseRules.apply(turn, fromPlatform);
      case AgentEvent.GatePassed passed -> JobRules.passed(turn, passed);
      case AgentEvent.GateFailed failed -> JobRules.unfit(turn, failed.why());
      case AgentEvent.ReadingsTaken taken -> {
        turn.chores = turn.chores.withProbing(false, turn.chores.probeAt());
        VigilRules.readings(turn, taken.readings());
        turn.memory = turn.memory.withFaults(turn.memory.faults().with(taken.readings()));
        if (turn.link instanceof LinkPhase.Up && !taken.news().isEmpty()) {
          turn.act(new Action.SendReadings(OwnReadings.beside(turn, taken)));
        }
      }
    }
    LinkRules.keepUp(turn);
    JobRules.keepUp(turn);
    CargoRules.keepUp(turn);
    VigilRules.keepUp(turn);
    RoomRules.keepUp(turn);
    keepProbing(turn);
    LeaseRules.keepUp(turn);
    return turn.done();
  }

  /// When (monotonic ms) the core wants a Tick if nothing else happens before.
  public static long nextWake(AgentState state) {
    long at = LinkRules.wakeAt(state.link());
    at = Math.min(at, JobRules.wakeAt(state));
    at = Math.min(at, CargoRules.wakeAt(state));
    at = Math.min(at, VigilRules.wakeAt(state));
    at = Math.min(at, RoomRules.wakeAt(state));
    if (probesNow(state.link(), state.job()) && !state.chores().probing()) {
      at = Math.min(at, state.chores().probeAt());
    }
    return Math.min(at, LeaseRules.wakeAt(state));
  }

  private static void started(Turn turn) {
    JobCare care =
        turn.memory.assignment() instanceof Assignment.Given given
            ? given.job().care()
            : JobCare.NONE;
    turn.act(new Action.FindJob(turn.memory.job().start(), care));
    if (turn.memory.assignment() instanceof Assignment.Given given) {
      turn.act(new Action.OpenCatalog(given.job(), turn.notes().position()));
      turn.chores = turn.chores.withCatalogOpen();
    }
    // The notes of a new boot are written before anything refers to them.
    turn.act(new Action.Save(turn.memory));
  }

  private static void terminated(Turn turn, String why) {
    turn.say(INFO, "agent ends, its job stays", Map.of("why", why));
    turn.act(new Action.Goodbye(why));
    turn.act(new Action.Exit(0));
  }

  private static void spoolFilled(Turn turn, boolean full) {
    turn.spoolIs(full);
    String waiting = Long.toString(turn.outbox().waiting());
    if (full) {
      turn.say(
          WARN,
          "the spool is full: new checkpoints wait on the disk until a controller answers",
          Map.of("reports", waiting));
    } else {
      turn.say(INFO, "the spool has room again", Map.of("reports", waiting));
    }
  }

  private static void keepProbing(Turn turn) {
    boolean due = turn.now.monoMs() >= turn.chores.probeAt() && !turn.chores.probing();
    if (due && probesNow(turn.link, turn.job)) {
      turn.chores = turn.chores.withProbing(true, turn.now.monoMs() + PROBE_EVERY_MS);
      turn.act(new Action.TakeReadings());
    }
  }

  /// For the controller, and without one for the job's own sake.
  private static boolean probesNow(LinkPhase link, JobPhase job) {
    return link instanceof LinkPhase.Up || job instanceof JobPhase.Running;
  }
}
