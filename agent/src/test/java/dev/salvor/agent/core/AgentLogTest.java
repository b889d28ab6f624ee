package dev.salvor.agent.core;

import static dev.salvor.agent.core.Action.Say.Level.ERROR;
import static dev.salvor.agent.core.Action.Say.Level.INFO;
import static dev.salvor.agent.core.Action.Say.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whoever reads the box's own log finds there what its agent saw and did: nothing else tells,
/// where no controller answers.
final class AgentLogTest {
  private static final long HOUR = 3_600_000;
  private static final JobEnd DONE = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of());
  private static final Order.Proceed PROCEED = new Order.Proceed(Box.JOB, new StartFrom.Disk());
  private static final Order.Proceed BROUGHT =
      new Order.Proceed(Box.JOB, new StartFrom.Unit(Box.unit(1, 4).id(), List.of()));

  @Test
  void the_life_of_a_job_is_told() {
    Box box = new Box(1).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
    box.on(new AgentEvent.Welcomed(2000, 7));
    says(box, INFO, "the controller answers", Map.of("acked", "7", "waiting", "0"));
    box.order("p1", PROCEED);
    says(box, INFO, "order", Map.of("id", "p1", "what", "Proceed"));
    box.on(new AgentEvent.JobUp(77, false));
    says(box, INFO, "job started", Map.of("pid", "77"));
    box.on(new AgentEvent.TaskFinished("aa", "prepare", 3));
    says(box, INFO, "task over", Map.of("task", "prepare", "exit", "3"));
    box.on(new AgentEvent.JobOver(DONE));
    says(box, INFO, "job ended", Map.of("exit", "0", "cause", "done"));
    box.on(new AgentEvent.Terminated("SIGTERM"));
    says(box, INFO, "agent ends, its job stays", Map.of("why", "SIGTERM"));
  }

  @Test
  void a_job_that_was_found_running_is_told_from_one_that_was_started() {
    Box box = new Box(1, Box.running().memory()).on(new AgentEvent.Started());
    box.on(new AgentEvent.JobUp(77, true));
    says(box, INFO, "adopted the running job", Map.of("pid", "77"));
  }

  @Test
  void news_of_an_earlier_start_is_told_and_changes_nothing() {
    Box box = Box.running().on(new AgentEvent.JobOver(DONE)).order("p2", PROCEED);
    for (AgentEvent late :
        List.of(new AgentEvent.JobUp(77, true, 1), new AgentEvent.JobOver(DONE, 1))) {
      box.on(late);
      says(box, INFO, "news of an earlier start of the job, which changes nothing", Map.of());
      assertThat(box.state().job()).isEqualTo(new JobPhase.Starting());
    }
  }

  @Test
  void a_line_that_breaks_is_told_with_the_wait_for_the_next_dial() {
    Box box = Box.up().on(new AgentEvent.LinkLost("cut"));
    long wait = ((LinkPhase.Down) box.state().link()).dialAt() - box.now();
    says(
        box,
        WARN,
        "no controller, dialling again",
        Map.of("why", "cut", "in_ms", Long.toString(wait), "failures", "0"));
    box.on(new AgentEvent.LinkRefused("revoked"));
    says(box, ERROR, "the controller refused this box for good", Map.of("why", "revoked"));
  }

  @Test
  void what_keeps_a_job_from_starting_is_told() {
    JobCare care =
        new JobCare(
            JobCare.NONE.tasks(),
            JobCare.NONE.listens(),
            Map.of(),
            List.of(),
            0,
            new Gate(true, "", Duration.ofMinutes(1), Gate.Promise.NOTHING));
    JobSpec checked = new JobSpec("train", "/work", Map.of(), List.of(), List.of("/work"), care);
    Box gated = Box.up().order("p1", new Order.Proceed(checked, new StartFrom.Disk()));
    Box fit = gated.on(new AgentEvent.GatePassed("4 GPUs"));
    says(fit, INFO, "the box is fit for its job", Map.of("seen", "4 GPUs"));

    Box unfit = Box.up().order("p1", new Order.Proceed(checked, new StartFrom.Disk()));
    unfit.on(new AgentEvent.GateFailed(new Gate.Refusal("cuda", "too old", "")));
    says(
        unfit,
        WARN,
        "the box is not fit for its job, which is not started",
        Map.of("check", "cuda", "why", "too old"));

    Box bare = Box.up().order("p1", PROCEED).on(new AgentEvent.JobRefused("no such directory"));
    says(bare, WARN, "the job could not be started", Map.of("why", "no such directory"));

    Box cut = Box.up().order("p1", BROUGHT).on(new AgentEvent.RestoreFailed("no route"));
    says(cut, WARN, "restore failed, trying again", Map.of("why", "no route"));
  }

  @Test
  void a_job_that_starts_without_an_order_is_told_with_the_reason() {
    Box alone = new Box(2, Box.running().memory()).on(new AgentEvent.Started());
    alone.on(new AgentEvent.JobAbsent()).after(JobRules.UNANSWERED_MS);
    says(
        alone,
        WARN,
        "no controller answered for 60 s after the box came back, starting its job alone",
        Map.of("boot", "2"));

    Box taken = new Box(1, Box.up().order("p1", PROCEED).memory()).on(new AgentEvent.Started());
    taken.on(new AgentEvent.JobAbsent());
    says(taken, INFO, "taking up the job that an earlier agent was about to start", Map.of());
  }

  @Test
  void what_the_box_does_about_its_own_meter_is_told() {
    Box box = granted(Box.owning(1)).on(new AgentEvent.LinkLost("gone"));
    box.on(new AgentEvent.JobOver(DONE)).after(HOUR);
    String why = ((Report.SelfStopped) box.spooled().getLast()).why();
    says(
        box,
        WARN,
        "the lease lapsed without a controller; this box stops itself",
        Map.of("why", why));
    box.on(new AgentEvent.RentalNotStopped("503"));
    says(
        box,
        ERROR,
        "this box could not stop itself, trying again; it bills until it is stopped",
        Map.of("why", "503", "in_ms", "5000"));
    box.on(new AgentEvent.RentalStopped());
    says(box, INFO, "the platform stops this box", Map.of());
    dialled(box).on(new AgentEvent.Welcomed(2000, 0));
    says(box, INFO, "a controller answers, this box stays", Map.of());
  }

  @Test
  void a_job_that_was_asked_to_save_for_the_lease_and_may_go_on_is_told() {
    Box box = granted(Box.listening()).on(new AgentEvent.LinkLost("gone")).after(HOUR);
    assertThat(box.actions(Action.AskCheckpoint.class)).hasSize(1);
    dialled(box).on(new AgentEvent.Welcomed(2000, 0));
    says(box, INFO, "a controller answers, the job goes on", Map.of());
  }

  @Test
  void a_job_that_hangs_and_one_that_moves_again_are_told() {
    Box box = Box.running().after(Vigil.QUIET_MS);
    Report.JobStalled stalled = (Report.JobStalled) box.spooled().getLast();
    says(box, WARN, "the job has stalled", Map.of("why", stalled.why()));
    box.on(new AgentEvent.JobProgressed(Progress.NONE));
    says(box, INFO, "the job moves again", Map.of());
  }

  @Test
  void the_answer_to_a_question_for_a_checkpoint_is_told_with_the_time_it_took() {
    Box box = Box.listening().after(1).order("a1", new Order.AskCheckpoint()).after(4_000);
    box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, 1))));
    says(box, INFO, "the checkpoint that was asked for came", Map.of("ms", "4000"));

    Box own = granted(Box.listening()).on(new AgentEvent.LinkLost("gone")).after(HOUR);
    own.on(new AgentEvent.AskFailed("no such process"));
    says(
        own, WARN, "no checkpoint came though the job was asked", Map.of("why", "no such process"));
  }

  @Test
  void what_keeps_cargo_from_being_seen_is_told() {
    Box box = Box.running().on(new AgentEvent.ScanFailed("stale handle"));
    says(box, WARN, "looking for checkpoints failed, trying again", Map.of("why", "stale handle"));
    box.on(new AgentEvent.SpoolFilled(true));
    says(
        box,
        WARN,
        "the spool is full: new checkpoints wait on the disk until a controller answers",
        Map.of("reports", "1"));
    box.on(new AgentEvent.SpoolFilled(false));
    says(box, INFO, "the spool has room again", Map.of("reports", "1"));
  }

  @Test
  void what_a_full_disk_gave_back_is_told_and_when_it_has_room_again() {
    Box box = Box.running();
    Need need = new Need(1_000_000_000, 10, 0);
    Disk full = new Disk("/w", 100_000_000_000L, 1_000_000, 1_000, 900, true);
    box.on(new AgentEvent.RoomSeen(List.of(full), need, ""));
    for (Relief relief : List.of(Relief.SCRATCH, Relief.PINS)) {
      box.on(new AgentEvent.RoomMade("/w", relief, "3 files"));
      says(box, INFO, "made room on a disk", Map.of("disk", "/w", "gave", "3 files"));
      box.on(new AgentEvent.RoomSeen(List.of(full), need, ""));
    }
    says(
        box,
        WARN,
        "a disk is short of bytes",
        Map.of("disk", "/w", "left", "1.0 MB and 900 inodes left"));
    Disk easy = new Disk("/w", 100_000_000_000L, 50_000_000_000L, 1_000, 900, true);
    box.on(new AgentEvent.RoomSeen(List.of(easy), need, ""));
    says(box, INFO, "a disk has room again", Map.of("disk", "/w", "free", "50000.0 MB"));
  }

  private static Box granted(Box box) {
    return box.on(new AgentEvent.BeatHeard(2000, 5_000_000 + HOUR, 5_000_000, HOUR, true));
  }

  /// Its next dial is under way.
  private static Box dialled(Box box) {
    if (box.state().link() instanceof LinkPhase.Dialling) {
      return box;
    }
    return box.after(LinkRules.BACKOFF_TO_MS);
  }

  private static void says(
      Box box, Action.Say.Level level, String message, Map<String, String> facts) {
    assertThat(box.actions(Action.Say.class)).contains(new Action.Say(level, message, facts));
  }
}
