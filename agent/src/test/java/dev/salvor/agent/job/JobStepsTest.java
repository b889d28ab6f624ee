package dev.salvor.agent.job;

import static dev.salvor.agent.job.JobWatcher.care;
import static dev.salvor.agent.job.JobWatcher.tasks;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.main.Await;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.TaskDigests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs around and within a job, with real processes.
final class JobStepsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path dir;

  @Test
  void tasks_run_in_order_and_each_that_is_done_is_told_and_not_run_again() throws Exception {
    List<String> list =
        List.of(note("a"), note("b"), "test -e %s/go && %s".formatted(dir, note("c")));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("", care(tasks(List.of(), List.of(), list)), 1);
      List<String> digests = List.copyOf(TaskDigests.of(list).keySet());
      assertThat(watcher.next(AgentEvent.TaskFinished.class).digest()).isEqualTo(digests.get(0));
      assertThat(watcher.next(AgentEvent.TaskFinished.class).digest()).isEqualTo(digests.get(1));
      assertThat(watcher.end().exitCode()).isEqualTo(1);

      Files.createFile(dir.resolve("go"));
      watcher.start("", care(tasks(List.of(), List.of(), list)), 2);

      assertThat(watcher.next(AgentEvent.TaskFinished.class).digest()).isEqualTo(digests.get(2));
      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.DONE);
      assertThat(watcher.lines("notes")).containsExactly("a", "b", "c");
    }
  }

  @Test
  void where_the_rest_go_on_a_task_that_failed_is_told_and_had_its_turn() throws Exception {
    List<String> list = List.of(note("a"), "exit 7", note("b"), "no-such-command");
    JobCare care = care(new JobCare.Tasks(List.of(), List.of(), list, List.of(), true));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("", care, 1);

      for (int exit : new int[] {0, 7, 0, 127}) {
        assertThat(watcher.next(AgentEvent.TaskFinished.class).exit()).isEqualTo(exit);
      }
      assertThat(watcher.end().exitCode()).isEqualTo(1);
      watcher.start("", care, 2);

      assertThat(watcher.end().exitCode()).isEqualTo(1);
      assertThat(watcher.lines("notes")).containsExactly("a", "b");
    }
  }

  @Test
  void tasks_that_another_box_has_done_are_left_out() throws Exception {
    List<String> list = List.of(note("a"), note("b"), note("a"));
    String first = TaskDigests.of(list).keySet().iterator().next();
    JobCare care = care(new JobCare.Tasks(List.of(), List.of(), list, List.of(first)));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("", care, 1);

      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.DONE);
      // The same text again is another task.
      assertThat(watcher.lines("notes")).containsExactly("b", "a");
    }
  }

  @Test
  void box_is_prepared_once_a_disk_and_again_on_each_later_boot() throws Exception {
    JobCare care = care(tasks(List.of(note("first")), List.of(note("resume")), List.of()));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(note("job"), care, 1);
      watcher.end();
      watcher.start(note("job"), care, 2);
      watcher.end();
    }
    try (JobWatcher watcher = new JobWatcher(dir, 2)) {
      watcher.start(note("job"), care, 1);
      watcher.end();
      watcher.start(note("job"), care, 2);
      watcher.end();

      assertThat(watcher.lines("notes"))
          .containsExactly("first", "job", "job", "resume", "job", "job");
    }
  }

  @Test
  void preparation_that_fails_is_told_apart_from_the_job() throws Exception {
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(note("job"), care(tasks(List.of("echo no; exit 4"), List.of(), List.of())), 1);

      JobEnd end = watcher.end();
      assertThat(end.cause()).isEqualTo(JobEnd.Cause.SETUP_FAILED);
      assertThat(end.exitCode()).isEqualTo(4);
      assertThat(watcher.lines("notes")).isEmpty();
    }
  }

  @Test
  void who_left_the_session_ends_with_the_job_and_others_do_not() throws Exception {
    Process other = new ProcessBuilder("sleep", "1000").start();
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(
          "setsid sleep 1000 & echo $! >%s/away; (setsid setsid sleep 1000 &) ; sleep 1000"
              .formatted(dir),
          JobCare.NONE,
          1);
      watcher.next(AgentEvent.JobUp.class);
      Await.until("the one that left", PATIENCE, () -> Files.exists(dir.resolve("away")));
      String mark = Files.readString(dir.resolve("job/boot-1/mark")).strip();
      JobRecord record = JobRecord.read(dir.resolve("job/boot-1")).orElseThrow();
      Members members = new Members(record, mark);
      Await.until("all three sleep", PATIENCE, () -> count(members) >= 4);

      watcher.job.act(new Action.StopJob(2_000));

      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.STOPPED);
      assertThat(members.living()).isEmpty();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void number_that_another_process_has_by_now_is_nobody_of_ours() throws Exception {
    Process other = new ProcessBuilder("setsid", "sleep", "1000").start();
    try {
      ProcStat leader = ProcStat.of(other.pid()).orElseThrow();
      JobRecord stale = new JobRecord(other.pid(), leader.startTicks() - 1, 0, 0);

      assertThat(new Members(stale, "").living()).isEmpty();
      Signals.kill(
          List.of(new ProcStat(other.pid(), 'S', 1, other.pid(), 0, 1, leader.startTicks() - 1)));
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void stop_is_told_by_its_reason() throws Exception {
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("sleep 1000", JobCare.NONE, 1);
      watcher.next(AgentEvent.JobUp.class);
      watcher.job.act(new Action.StopJob(500, Action.StopWhy.HUNG));
      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.HUNG);

      watcher.start("sleep 1000", JobCare.NONE, 2);
      watcher.next(AgentEvent.JobUp.class);
      watcher.job.act(new Action.StopJob(500, Action.StopWhy.FENCED));
      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.FENCED);
    }
  }

  @Test
  void end_is_known_though_somebody_killed_the_shim() throws Exception {
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("until test -e %s/go; do sleep 0.05; done".formatted(dir), JobCare.NONE, 1);
      watcher.next(AgentEvent.JobUp.class);
      JobRecord record = JobRecord.read(dir.resolve("job/boot-1")).orElseThrow();
      ProcessHandle.of(record.shim()).orElseThrow().destroyForcibly();
      Files.createFile(dir.resolve("go"));

      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.DONE);
    }
  }

  @Test
  void secret_reaches_the_job_and_no_line_that_is_told() throws Exception {
    Secret secret = new Secret("hunter2-hunter2");
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(
          "echo token=$TOKEN; printf %s \"$TOKEN\" >" + dir + "/token",
          care(Map.of("TOKEN", secret)),
          1);

      assertThat(watcher.end().tail()).containsExactly("token=***");
      assertThat(Files.readString(dir.resolve("token"))).isEqualTo(secret.reveal());
    }
  }

  @Test
  void caches_and_temporary_files_lie_on_the_disk_of_the_job() throws Exception {
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      JobSpec spec =
          new JobSpec(
              "echo $TMPDIR $TORCH_HOME; test -d $TMPDIR && test -d $HF_HOME",
              "/work",
              Map.of("TORCH_HOME", "/mine", "HOME", dir.toString()),
              List.of(),
              List.of());
      watcher.job.act(new Action.StartJob(spec, "", 1));

      JobEnd end = watcher.end();
      assertThat(end.cause()).isEqualTo(JobEnd.Cause.DONE);
      assertThat(end.tail()).containsExactly(dir + "/work/.salvor/tmp /mine");
    }
  }

  @Test
  void job_is_asked_by_a_signal_only_where_it_catches_it() throws Exception {
    JobCare care = care(new JobCare.Listens.Signal("USR1"));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(
          "trap 'echo saved' USR1; sleep 1000 & echo up; while :; do sleep 0.05; done", care, 1);
      watcher.next(AgentEvent.JobUp.class);
      Await.until("the trap", PATIENCE, () -> watcher.logSays("up"));

      watcher.job.act(new Action.AskCheckpoint(care.listens()));

      Await.until("its answer", PATIENCE, () -> watcher.logSays("saved"));
      watcher.job.act(new Action.AskCheckpoint(new JobCare.Listens.Signal("USR2")));
      assertThat(watcher.next(AgentEvent.AskFailed.class).why())
          .isEqualTo("no process of the job catches SIGUSR2");
      watcher.job.act(new Action.StopJob(500));
      assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.STOPPED);
    }
  }

  @Test
  void job_is_asked_by_a_file_that_it_is_told_of() throws Exception {
    JobCare care = care(new JobCare.Listens.File("/work/save-now"));
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(
          "until test -e \"$SALVOR_CHECKPOINT_REQUEST\"; do sleep 0.05; done; echo saved", care, 1);
      watcher.next(AgentEvent.JobUp.class);

      watcher.job.act(new Action.AskCheckpoint(care.listens()));

      assertThat(watcher.end().tail()).containsExactly("saved");
    }
  }

  @Test
  void log_is_read_out_while_somebody_looks() throws Exception {
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start(
          "seq 1 300; until test -e %s/go; do sleep 0.05; done; seq 301 304".formatted(dir),
          JobCare.NONE,
          1);
      watcher.next(AgentEvent.JobUp.class);
      Await.until("its lines", PATIENCE, () -> watcher.logSays("300"));
      watcher.next(AgentEvent.JobProgressed.class);
      watcher.job.act(new Action.TailLog(3, 30_000));

      AgentEvent.LogRead tail = watcher.next(AgentEvent.LogRead.class);
      assertThat(tail.lines()).containsExactly("298", "299", "300");
      assertThat(tail.first()).isEqualTo(297);
      Files.createFile(dir.resolve("go"));
      AgentEvent.LogRead more = watcher.next(AgentEvent.LogRead.class);
      assertThat(more.first()).isEqualTo(300);
      assertThat(more.source()).isEqualTo(tail.source());
      assertThat(more.lines()).startsWith("301");
    }
  }

  @Test
  void settings_of_the_platform_reach_the_job_and_ours_its_sessions() throws Exception {
    Files.createDirectories(dir.resolve("etc/profile.d"));
    Files.writeString(
        dir.resolve("etc/environment"),
        "HF_TOKEN_PATH=\"/x y\"\nSALVOR_RUN='old'\nSALVOR_JOIN_TOKEN=t\n");
    assertThat(BoxSettings.show(dir, Map.of("SALVOR_RUN", "demo"))).isEmpty();
    assertThat(BoxSettings.show(dir, Map.of("SALVOR_RUN", "demo"))).isEmpty();

    assertThat(Files.readAllLines(dir.resolve("etc/environment")))
        .containsExactly("HF_TOKEN_PATH=\"/x y\"", "SALVOR_JOIN_TOKEN=t", "SALVOR_RUN='demo'");
    Path snippet = dir.resolve("etc/profile.d/salvor.sh");
    assertThat(Files.readString(snippet)).contains("export SALVOR_RUN='demo'\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snippet)))
        .isEqualTo("rw-r--r--");
    try (JobWatcher watcher = new JobWatcher(dir, 1)) {
      watcher.start("echo $HF_TOKEN_PATH ${SALVOR_JOIN_TOKEN-none}", JobCare.NONE, 1);
      assertThat(watcher.end().tail()).containsExactly("/x y none");
    }
  }

  private String note(String word) {
    return "echo %s >>%s/notes".formatted(word, dir);
  }

  private static int count(Members members) {
    try {
      return members.living().size();
    } catch (java.io.IOException e) {
      return 0;
    }
  }
}
