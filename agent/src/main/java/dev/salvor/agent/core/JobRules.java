package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import java.util.List;
import java.util.Map;

/// When the job starts, what its life reports, and that it starts once.
final class JobRules {
  /// How long a box that came back waits for a controller's word before it goes on by itself.
  static final long UNANSWERED_MS = 60_000;

  /// Tries of a restore, and the pause between them.
  static final int RESTORE_TRIES = 3;

  static final long RESTORE_PAUSE_MS = 2_000;

  /// What a shell says of a process that SIGKILL ended.
  private static final int EXIT_SIGKILL = 137;

  private JobRules() {}

  static void apply(Turn turn, AgentEvent.FromJob event) {
    switch (event) {
      case AgentEvent.JobUp up when up.start() != turn.memory.job().start() -> stray(turn);
      case AgentEvent.JobOver over when over.start() != turn.memory.job().start() -> stray(turn);
      case AgentEvent.LogMatched hit when hit.start() != turn.memory.job().start() -> stray(turn);
      case AgentEvent.JobUp up -> up(turn, up);
      case AgentEvent.JobAbsent _ -> absent(turn);
      case AgentEvent.JobRefused refused -> refused(turn, refused.why());
      case AgentEvent.JobProgressed progressed -> {
        if (turn.job instanceof JobPhase.Running running) {
          turn.job = new JobPhase.Running(running.pid(), progressed.progress());
          VigilRules.logMoved(turn);
        }
      }
      case AgentEvent.JobOver over -> over(turn, LeaseRules.named(turn, over.end()));
      case AgentEvent.TaskFinished done -> taskDone(turn, done);
      case AgentEvent.LogMatched hit -> matched(turn, hit);
      case AgentEvent.JobPulse pulse -> VigilRules.pulse(turn, pulse);
      case AgentEvent.AskFailed failed -> VigilRules.askFailed(turn, failed.why());
      case AgentEvent.LogRead read -> {
        if (turn.link instanceof LinkPhase.Up) {
          turn.act(new Action.SendLog(read.source(), read.first(), read.lines()));
        }
      }
    }
  }

  /// Carries out the assignment: once the box is seen to be fit for it.
  static void begin(Turn turn) {
    if (turn.memory.assignment() instanceof Assignment.Given given) {
      gate(turn, given, false);
    }
  }

  private static void gate(Turn turn, Assignment.Given given, boolean alone) {
    if (given.job().care().gate().asked()) {
      turn.job = new JobPhase.Gating(alone);
      turn.act(new Action.RunGate(given.job(), !turn.memory.everStarted(), turn.memory.faults()));
    } else {
      admitted(turn, given, alone);
    }
  }

  static void passed(Turn turn, AgentEvent.GatePassed passed) {
    if (turn.job instanceof JobPhase.Gating gating
        && turn.memory.assignment() instanceof Assignment.Given given) {
      turn.say(INFO, "the box is fit for its job", Map.of("seen", passed.seen()));
      admitted(turn, given, gating.alone());
    }
  }

  /// Nothing starts here without a new order.
  static void unfit(Turn turn, Gate.Refusal why) {
    if (!(turn.job instanceof JobPhase.Gating)) {
      return;
    }
    turn.say(
        WARN,
        "the box is not fit for its job, which is not started",
        Map.of("check", why.check(), "why", why.evidence()));
    turn.job = new JobPhase.Idle();
    turn.note(turn.notes().withProceeded(false).withHeld(true));
    turn.report(new Report.GateRefused(turn.self.boot(), why, turn.memory.everStarted()));
  }

  /// Restore first where a unit is named, then start.
  private static void admitted(Turn turn, Assignment.Given given, boolean alone) {
    if (alone) {
      start(turn, given.job(), turn.memory.job().newest());
      return;
    }
    switch (given.from()) {
      case StartFrom.Disk _ -> start(turn, given.job(), turn.memory.job().newest());
      case StartFrom.Unit _ when turn.memory.job().start() > 1 ->
          // What was brought here lies here, and what the job added to it.
          start(turn, given.job(), turn.memory.job().newest());
      case StartFrom.Unit unit -> {
        turn.job = new JobPhase.Restoring(1, 0);
        turn.act(new Action.Restore(unit.id(), unit.also()));
      }
    }
  }

  static void restored(Turn turn, AgentEvent.RestoreDone done) {
    if (!(turn.job instanceof JobPhase.Restoring)
        || !(turn.memory.assignment() instanceof Assignment.Given given)) {
      return;
    }
    turn.report(new Report.Restored(done.unit()));
    start(turn, given.job(), done.root());
  }

  static void restoreFailed(Turn turn, String why) {
    if (!(turn.job instanceof JobPhase.Restoring restoring)
        || !(turn.memory.assignment() instanceof Assignment.Given given)) {
      return;
    }
    if (restoring.attempt() < RESTORE_TRIES) {
      turn.say(WARN, "restore failed, trying again", Map.of("why", why));
      long retryAt = turn.now.monoMs() + RESTORE_PAUSE_MS;
      turn.job = new JobPhase.Restoring(restoring.attempt() + 1, retryAt);
      return;
    }
    turn.job = new JobPhase.Idle();
    turn.note(turn.notes().withProceeded(false).withHeld(true));
    turn.report(new Report.OrderFailed(given.orderId(), why));
  }

  /// What the clock asks of the job.
  static void keepUp(Turn turn) {
    switch (turn.job) {
      case JobPhase.Restoring restoring when restoring.retryAt() > 0 -> retry(turn, restoring);
      case JobPhase.Idle _
          when mayStartAlone(turn.self, turn.memory, turn.link)
              && LeaseRules.allowsStart(turn.memory.lease(), turn.lease)
              && turn.now.monoMs() >= turn.chores.heardAt() + UNANSWERED_MS ->
          startAlone(turn);
      case JobPhase.Unknown _,
          JobPhase.Idle _,
          JobPhase.Gating _,
          JobPhase.Restoring _,
          JobPhase.Starting _,
          JobPhase.Running _,
          JobPhase.Ended _ -> {
        // Nothing is due.
      }
    }
  }

  static long wakeAt(AgentState state) {
    return switch (state.job()) {
      case JobPhase.Restoring restoring when restoring.retryAt() > 0 -> restoring.retryAt();
      case JobPhase.Idle _
          when mayStartAlone(state.self(), state.memory(), state.link())
              && LeaseRules.allowsStart(state.memory().lease(), state.lease()) ->
          state.chores().heardAt() + UNANSWERED_MS;
      case JobPhase.Unknown _,
          JobPhase.Idle _,
          JobPhase.Gating _,
          JobPhase.Restoring _,
          JobPhase.Starting _,
          JobPhase.Running _,
          JobPhase.Ended _ ->
          Long.MAX_VALUE;
    };
  }

  private static void start(Turn turn, JobSpec job, String resume) {
    turn.job = new JobPhase.Starting();
    turn.act(new Action.StartJob(job, resume, turn.memory.job().start()));
  }

  private static void retry(Turn turn, JobPhase.Restoring restoring) {
    boolean due = turn.now.monoMs() >= restoring.retryAt();
    if (due
        && turn.memory.assignment() instanceof Assignment.Given given
        && given.from() instanceof StartFrom.Unit unit) {
      turn.job = new JobPhase.Restoring(restoring.attempt(), 0);
      turn.act(new Action.Restore(unit.id(), unit.also()));
    }
  }

  private static boolean mayStartAlone(Self self, Memory memory, LinkPhase link) {
    return self.boot() > 1
        && !(link instanceof LinkPhase.Up)
        && memory.assignment() instanceof Assignment.Given
        && !memory.fenced()
        && !memory.notes().held()
        && !memory.notes().proceeded();
  }

  private static void startAlone(Turn turn) {
    if (turn.memory.assignment() instanceof Assignment.Given given) {
      turn.say(
          WARN,
          "no controller answered for 60 s after the box came back, starting its job alone",
          Map.of("boot", Integer.toString(turn.self.boot())));
      turn.note(turn.notes().withProceeded(true));
      gate(turn, given, true);
    }
  }

  /// News of an earlier start, overtaken by an order.
  private static void stray(Turn turn) {
    turn.say(INFO, "news of an earlier start of the job, which changes nothing", Map.of());
  }

  private static void taskDone(Turn turn, AgentEvent.TaskFinished done) {
    if (!turn.memory.job().tasksTold().contains(done.digest())) {
      turn.say(
          INFO, "task over", Map.of("task", done.text(), "exit", Integer.toString(done.exit())));
      turn.report(new Report.TaskDone(turn.self.boot(), done.digest(), done.text(), done.exit()));
    }
  }

  private static void matched(Turn turn, AgentEvent.LogMatched hit) {
    turn.say(
        INFO,
        "the job's log says what there is a policy for",
        Map.of("policy", Integer.toString(hit.policy()), "line", hit.line()));
    turn.report(new Report.LogMatched(turn.self.boot(), hit.start(), hit.policy(), hit.line()));
  }

  private static void up(Turn turn, AgentEvent.JobUp up) {
    turn.job = new JobPhase.Running(up.pid(), Progress.NONE);
    VigilRules.started(turn);
    turn.say(
        INFO,
        up.adopted() ? "adopted the running job" : "job started",
        Map.of("pid", Long.toString(up.pid())));
    if (!turn.notes().startReported()) {
      turn.report(new Report.JobStarted(turn.self.boot(), up.pid(), up.adopted(), up.start()));
    }
    if (turn.memory.fenced()) {
      turn.act(new Action.StopJob(OrderRules.FENCE_GRACE_MS, Action.StopWhy.FENCED));
    }
  }

  private static void absent(Turn turn) {
    if (!(turn.job instanceof JobPhase.Unknown)) {
      // A Proceed overtook the search: its start is under way.
      return;
    }
    turn.job = new JobPhase.Idle();
    BootNotes notes = turn.notes();
    if (notes.startReported()) {
      turn.job = new JobPhase.Ended(Progress.NONE);
      if (!notes.endReported()) {
        JobEnd end = new JobEnd(0, EXIT_SIGKILL, JobEnd.Cause.KILLED, List.of());
        turn.report(new Report.JobEnded(turn.self.boot(), end, turn.memory.job().start()));
      }
    } else if (notes.proceeded() && !notes.held() && !turn.memory.fenced()) {
      turn.say(INFO, "taking up the job that an earlier agent was about to start", Map.of());
      begin(turn);
    }
  }

  private static void refused(Turn turn, String why) {
    turn.say(WARN, "the job could not be started", Map.of("why", why));
    turn.job = new JobPhase.Idle();
    turn.note(turn.notes().withProceeded(false).withHeld(true));
    if (turn.memory.assignment() instanceof Assignment.Given given) {
      turn.report(new Report.OrderFailed(given.orderId(), why));
    }
  }

  private static void over(Turn turn, JobEnd end) {
    int boot = turn.self.boot();
    int start = turn.memory.job().start();
    Progress last =
        turn.job instanceof JobPhase.Running running ? running.progress() : Progress.NONE;
    turn.job = new JobPhase.Ended(last);
    if (!turn.notes().startReported()) {
      turn.report(new Report.JobStarted(boot, end.pid(), true, start));
    }
    if (!turn.notes().endReported()) {
      turn.report(new Report.JobEnded(boot, end, start));
    }
    if (end.exitCode() == 0) {
      turn.note(turn.notes().withHeld(true));
    }
    turn.say(
        INFO,
        "job ended",
        Map.of("exit", Integer.toString(end.exitCode()), "cause", end.cause().word()));
  }
}
