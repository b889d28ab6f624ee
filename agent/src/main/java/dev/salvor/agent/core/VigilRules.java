package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.telemetry.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Watches whether the running job moves, tells when that changes, and minds the checkpoint that it
/// was asked for. Ends nothing: what to do about it is the controller's to say.
final class VigilRules {
  /// As often as the job tells its processor time.
  static final long PULSE_MS = 10_000;

  /// A checkpoint that was asked for and did not come within this will not.
  static final long ANSWER_MS = 600_000;

  private VigilRules() {}

  static void started(Turn turn) {
    turn.vigil = Vigil.from(turn.now.monoMs());
  }

  static void logMoved(Turn turn) {
    moved(turn);
  }

  static void pulse(Turn turn, AgentEvent.JobPulse pulse) {
    turn.vigil = turn.vigil.pulse(pulse.cpuMs(), PULSE_MS, turn.now.monoMs()).with(pulse.threads());
  }

  static void unitSeen(Turn turn, Unit unit) {
    if (unit.kind() != UnitKind.CHECKPOINT) {
      return;
    }
    moved(turn);
    if (turn.vigil.asked().at() != 0) {
      long took = turn.now.monoMs() - turn.vigil.asked().at();
      turn.say(INFO, "the checkpoint that was asked for came", Map.of("ms", Long.toString(took)));
      turn.vigil = turn.vigil.with(Vigil.Asked.NOT);
    }
  }

  static void readings(Turn turn, List<Reading> readings) {
    turn.vigil = turn.vigil.seen(readings, turn.now.monoMs());
  }

  /// Asks by what the job listens to.
  static void ask(Turn turn, String orderId) {
    if (!(turn.job instanceof JobPhase.Running)
        || !(turn.memory.assignment() instanceof Assignment.Given given)) {
      turn.report(new Report.OrderFailed(orderId, "no job runs that could be asked"));
      return;
    }
    JobCare.Listens listens = given.job().care().listens();
    if (listens instanceof JobCare.Listens.Never) {
      turn.report(
          new Report.OrderFailed(
              orderId, "the job does not listen: say listens: SIGUSR1, or a file, in its spec"));
      return;
    }
    turn.vigil = turn.vigil.with(new Vigil.Asked(orderId, turn.now.monoMs()));
    turn.act(new Action.AskCheckpoint(listens));
  }

  /// Asks of the box's own accord; false where there is no job that listens.
  static boolean asks(Turn turn) {
    boolean listens =
        turn.job instanceof JobPhase.Running
            && turn.memory.assignment() instanceof Assignment.Given given
            && !(given.job().care().listens() instanceof JobCare.Listens.Never);
    if (listens && turn.vigil.asked().at() == 0) {
      ask(turn, Vigil.Asked.OWN);
    }
    return listens;
  }

  static void askFailed(Turn turn, String why) {
    Vigil.Asked asked = turn.vigil.asked();
    if (asked.at() != 0) {
      turn.vigil = turn.vigil.with(Vigil.Asked.NOT);
      if (asked.orderId().equals(Vigil.Asked.OWN)) {
        turn.say(WARN, "no checkpoint came though the job was asked", Map.of("why", why));
      } else {
        turn.report(new Report.OrderFailed(asked.orderId(), why));
      }
    }
  }

  /// What the clock asks.
  static void keepUp(Turn turn) {
    if (!(turn.job instanceof JobPhase.Running)) {
      return;
    }
    long now = turn.now.monoMs();
    if (turn.vigil.asked().at() != 0 && now >= turn.vigil.asked().at() + ANSWER_MS) {
      askFailed(turn, "the job was asked, and no new checkpoint came within 10 min");
    }
    Optional<String> why = turn.vigil.stalled(now);
    if (why.isPresent() && !turn.memory.job().stalled()) {
      turn.say(WARN, "the job has stalled", Map.of("why", why.get()));
      turn.report(new Report.JobStalled(turn.self.boot(), turn.memory.job().start(), why.get()));
    }
  }

  static long wakeAt(AgentState state) {
    if (!(state.job() instanceof JobPhase.Running)) {
      return Long.MAX_VALUE;
    }
    // Silence is judged at each pulse of the job.
    long asked = state.vigil().asked().at();
    return asked == 0 ? Long.MAX_VALUE : asked + ANSWER_MS;
  }

  private static void moved(Turn turn) {
    turn.vigil = turn.vigil.moved(turn.now.monoMs());
    if (turn.memory.job().stalled() && turn.job instanceof JobPhase.Running) {
      turn.say(INFO, "the job moves again", Map.of());
      turn.report(new Report.JobMoving(turn.self.boot(), turn.memory.job().start()));
    }
  }
}
