package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.ERROR;
import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;

import java.util.Map;

/// Dial, back off, beat, notice silence, take acknowledgements and orders.
final class LinkRules {
  /// Full jitter below a bound that doubles from here.
  static final long BACKOFF_FROM_MS = 250;

  /// A controller that is back is found within this.
  static final long BACKOFF_TO_MS = 10_000;

  /// TCP, TLS, enrolment and the controller's first word together.
  static final long DIAL_DEADLINE_MS = 15_000;

  /// A stream on which the controller is silent this many TTLs is dead, whatever TCP says.
  static final long SILENT_TTLS = 5;

  static final long SILENT_AT_LEAST_MS = 10_000;
  static final long DEFAULT_TTL_MS = 2_000;
  static final long MIN_TTL_MS = 200;
  static final long MAX_TTL_MS = 120_000;

  /// The exit code by which the supervisor knows not to start the agent again.
  static final int EXIT_TERMINAL = 78;

  /// A box that was refused for good asks again so often: its token may be armed anew.
  static final long REFUSED_PAUSE_MS = 60_000;

  private LinkRules() {}

  static void apply(Turn turn, AgentEvent.FromLink event) {
    if (!(event instanceof AgentEvent.LinkLost || event instanceof AgentEvent.LinkRefused)) {
      heard(turn);
    }
    switch (event) {
      case AgentEvent.Welcomed welcomed -> welcomed(turn, welcomed);
      case AgentEvent.BeatHeard beat -> beatHeard(turn, beat);
      case AgentEvent.Acknowledged acknowledged -> turn.acknowledged(acknowledged.seq());
      case AgentEvent.Ordered ordered -> OrderRules.take(turn, ordered.order());
      case AgentEvent.LogWanted wanted ->
          turn.act(new Action.TailLog(wanted.tail(), wanted.forMs()));
      case AgentEvent.LinkLost lost -> lost(turn, lost.why());
      case AgentEvent.LinkRefused refused -> refused(turn, refused.why());
    }
  }

  /// What the clock asks of the link.
  static void keepUp(Turn turn) {
    long now = turn.now.monoMs();
    switch (turn.link) {
      case LinkPhase.Down down when now >= down.dialAt() -> dial(turn, down);
      case LinkPhase.Dialling dialling when now >= dialling.since() + DIAL_DEADLINE_MS ->
          giveUp(turn, "no welcome within %d s".formatted(DIAL_DEADLINE_MS / 1000));
      case LinkPhase.Up up when now >= up.heardAt() + silence(up) ->
          giveUp(turn, "the controller was silent for %d s".formatted(silence(up) / 1000));
      case LinkPhase.Up up when now >= up.beatAt() -> beat(turn, up);
      case LinkPhase.Down _, LinkPhase.Dialling _, LinkPhase.Up _ -> {
        // Nothing is due.
      }
    }
  }

  static long wakeAt(LinkPhase link) {
    return switch (link) {
      case LinkPhase.Down down -> down.dialAt();
      case LinkPhase.Dialling dialling -> dialling.since() + DIAL_DEADLINE_MS;
      case LinkPhase.Up up -> Math.min(up.beatAt(), up.heardAt() + silence(up));
    };
  }

  private static void dial(Turn turn, LinkPhase.Down down) {
    turn.link = new LinkPhase.Dialling(turn.now.monoMs(), down.failures());
    boolean running = turn.job instanceof JobPhase.Running;
    // Once its job has ended, the order to start it again is one that this boot does not know yet.
    boolean proceeded = turn.notes().proceeded() && !turn.notes().endReported();
    turn.act(new Action.Dial(new Action.Hello(turn.self, running, proceeded), down.failures()));
  }

  private static void welcomed(Turn turn, AgentEvent.Welcomed welcomed) {
    if (!(turn.link instanceof LinkPhase.Dialling)) {
      return;
    }
    long now = turn.now.monoMs();
    LinkPhase.Dialled dialled = new LinkPhase.Dialled(now, turn.link.failures());
    turn.link = new LinkPhase.Up(now, now, ttl(welcomed.ttlMs()), dialled);
    turn.acknowledged(welcomed.ackedSeq());
    turn.act(new Action.SendAfter(turn.outbox().ackedSeq()));
    LeaseRules.welcomed(turn);
    turn.chores = turn.chores.withProbing(turn.chores.probing(), now);
    turn.say(
        INFO,
        "the controller answers",
        Map.of(
            "acked", Long.toString(welcomed.ackedSeq()),
            "waiting", Long.toString(turn.outbox().waiting())));
  }

  private static void beatHeard(Turn turn, AgentEvent.BeatHeard heard) {
    if (turn.link instanceof LinkPhase.Up up) {
      turn.link = new LinkPhase.Up(up.heardAt(), up.beatAt(), ttl(heard.ttlMs()), up.dialled());
    }
    LeaseRules.heard(turn, heard);
  }

  private static void beat(Turn turn, LinkPhase.Up up) {
    long next = turn.now.monoMs() + up.ttlMs() / 2;
    turn.link = new LinkPhase.Up(up.heardAt(), next, up.ttlMs(), up.dialled());
    switch (turn.job) {
      case JobPhase.Running running -> turn.act(new Action.Beat(running.progress(), true));
      case JobPhase.Unknown _,
          JobPhase.Idle _,
          JobPhase.Gating _,
          JobPhase.Restoring _,
          JobPhase.Starting _ ->
          turn.act(new Action.Beat(Progress.NONE, false));
      case JobPhase.Ended ended -> turn.act(new Action.Beat(ended.progress(), false));
    }
  }

  private static void lost(Turn turn, String why) {
    if (turn.link instanceof LinkPhase.Down) {
      return;
    }
    int failures = turn.link.failures();
    long bound = Math.min(BACKOFF_TO_MS, BACKOFF_FROM_MS << Math.min(failures, 10));
    long wait = 1 + turn.dice(bound);
    turn.link = new LinkPhase.Down(turn.now.monoMs() + wait, failures + 1);
    turn.say(
        WARN,
        "no controller, dialling again",
        Map.of("why", why, "in_ms", Long.toString(wait), "failures", Integer.toString(failures)));
  }

  private static void giveUp(Turn turn, String why) {
    turn.act(new Action.HangUp(why));
    lost(turn, why);
  }

  private static void refused(Turn turn, String why) {
    turn.say(ERROR, "the controller refused this box for good", Map.of("why", why));
    if (!turn.self.ownsStop()) {
      turn.act(new Action.Exit(EXIT_TERMINAL));
      return;
    }
    // Somebody must stay to stop the meter.
    LeaseRules.refused(turn);
    turn.link = new LinkPhase.Down(turn.now.monoMs() + REFUSED_PAUSE_MS, turn.link.failures() + 1);
  }

  private static void heard(Turn turn) {
    long now = turn.now.monoMs();
    turn.chores = turn.chores.withHeardAt(now);
    if (turn.link instanceof LinkPhase.Up up) {
      turn.link = new LinkPhase.Up(now, up.beatAt(), up.ttlMs(), up.dialled());
    }
  }

  private static long silence(LinkPhase.Up up) {
    return Math.max(SILENT_AT_LEAST_MS, SILENT_TTLS * up.ttlMs());
  }

  private static long ttl(long asked) {
    return asked <= 0 ? DEFAULT_TTL_MS : Math.clamp(asked, MIN_TTL_MS, MAX_TTL_MS);
  }
}
