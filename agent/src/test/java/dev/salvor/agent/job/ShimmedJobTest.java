package dev.salvor.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.main.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shim with real processes.
final class ShimmedJobTest {
  @TempDir Path dir;

  private final List<ShimmedJob> open = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    open.forEach(ShimmedJob::close);
    Files.createDirectories(dir.resolve("job"));
    try (var records = Files.newDirectoryStream(dir.resolve("job"), "boot-*")) {
      for (Path record : records) {
        var found = JobRecord.read(record);
        if (found.isPresent() && found.get().jobAlive()) {
          Signals.kill(new Members(found.get(), "").living());
        }
      }
    }
  }

  @Test
  void job_finds_its_environment_workdir_and_resume_path() throws Exception {
    Watcher watcher = new Watcher(1);
    Files.createDirectories(dir.resolve("ckpt/step-4"));
    watcher.start(
        "echo $SALVOR_RUN $SALVOR_BOOT $MINE $SALVOR_RESUME $PWD ${SALVOR_JOIN_TOKEN-none}"
            + " ${SALVOR_COMMAND-none}",
        "/ckpt/step-4");

    JobEnd end = watcher.end();

    assertThat(end.cause()).isEqualTo(JobEnd.Cause.DONE);
    assertThat(end.tail())
        .containsExactly("demo 1 yes %s/ckpt/step-4 %s/work none none".formatted(dir, dir));
  }

  @Test
  void nothing_of_this_boot_is_absent() throws Exception {
    Watcher watcher = new Watcher(1);
    watcher.job.act(new Action.FindJob(1, JobCare.NONE));

    assertThat(watcher.next(AgentEvent.FromJob.class)).isEqualTo(new AgentEvent.JobAbsent());
  }

  @Test
  void second_agent_adopts_and_reads_the_end() throws Exception {
    Watcher first = new Watcher(1);
    first.start("until test -e " + dir + "/go; do sleep 0.05; done; exit 9", "");
    long pid = first.next(AgentEvent.JobUp.class).pid();
    first.job.close();

    Watcher second = new Watcher(1);
    second.job.act(new Action.FindJob(1, JobCare.NONE));
    assertThat(second.next(AgentEvent.JobUp.class)).isEqualTo(new AgentEvent.JobUp(pid, true));
    Files.createFile(dir.resolve("go"));

    assertThat(second.end().exitCode()).isEqualTo(9);
  }

  @Test
  void end_while_no_agent_looked_is_read_later() throws Exception {
    Watcher first = new Watcher(1);
    first.start("until test -e " + dir + "/go; do sleep 0.05; done; exit 9", "");
    first.next(AgentEvent.JobUp.class);
    first.job.close();
    Files.createFile(dir.resolve("go"));
    Await.until(
        "the exit status",
        Duration.ofSeconds(20),
        () -> Files.exists(dir.resolve("job/boot-1/exit")));

    Watcher second = new Watcher(1);
    second.job.act(new Action.FindJob(1, JobCare.NONE));

    assertThat(second.end().exitCode()).isEqualTo(9);
  }

  @Test
  void racing_starts_run_the_job_once() throws Exception {
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      watchers.add(new Watcher(1));
    }
    for (Watcher watcher : watchers) {
      watcher.start("echo once >>" + dir + "/starts; sleep 0.5", "");
    }

    for (Watcher watcher : watchers) {
      // Each of them saw the one job that runs, or was refused.
      assertThat(watcher.next(AgentEvent.FromJob.class))
          .isInstanceOfAny(AgentEvent.JobUp.class, AgentEvent.JobRefused.class);
    }
    Await.until(
        "the end", Duration.ofSeconds(20), () -> Files.exists(dir.resolve("job/boot-1/exit")));
    assertThat(Files.readAllLines(dir.resolve("starts"))).containsExactly("once");
  }

  @Test
  void ended_job_is_not_started_again_on_the_same_boot_but_on_the_next() throws Exception {
    Watcher first = new Watcher(1);
    first.start("echo once >>" + dir + "/starts", "");
    first.end();

    Watcher again = new Watcher(1);
    again.start("echo twice >>" + dir + "/starts", "");
    assertThat(again.end().exitCode()).isZero();
    assertThat(Files.readAllLines(dir.resolve("starts"))).containsExactly("once");

    Watcher next = new Watcher(2);
    next.start("echo twice >>" + dir + "/starts", "");
    next.end();
    assertThat(Files.readAllLines(dir.resolve("starts"))).containsExactly("once", "twice");
  }

  @Test
  void stop_kills_what_ignores_sigterm_and_every_child() throws Exception {
    Watcher watcher = new Watcher(1);
    watcher.start("trap '' TERM; sleep 1000 & echo up; while :; do sleep 0.05; done", "");
    long pid = watcher.next(AgentEvent.JobUp.class).pid();
    Await.until("the trap", Duration.ofSeconds(20), () -> logSays("up"));

    watcher.job.act(new Action.StopJob(200));

    assertThat(watcher.end().cause()).isEqualTo(JobEnd.Cause.STOPPED);
    assertThat(session(pid)).isEmpty();
  }

  @Test
  void job_that_stops_politely_is_stopped_too() throws Exception {
    Watcher watcher = new Watcher(1);
    watcher.start("trap 'echo saved; exit 5' TERM; echo up; while :; do sleep 0.05; done", "");
    watcher.next(AgentEvent.JobUp.class);
    Await.until("the trap", Duration.ofSeconds(20), () -> logSays("up"));

    watcher.job.act(new Action.StopJob(20_000));

    JobEnd end = watcher.end();
    assertThat(end.cause()).isEqualTo(JobEnd.Cause.STOPPED);
    assertThat(end.exitCode()).isEqualTo(5);
    assertThat(end.tail()).endsWith("saved");
  }

  @Test
  void leftovers_of_a_job_that_ended_are_gone_before_its_end_is_told() throws Exception {
    Watcher watcher = new Watcher(1);
    watcher.start("sleep 1000 & echo bye", "");

    JobEnd end = watcher.end();

    assertThat(end.cause()).isEqualTo(JobEnd.Cause.DONE);
    assertThat(session(end.pid())).isEmpty();
  }

  @Test
  void kill_from_outside_is_killed() throws Exception {
    Watcher watcher = new Watcher(1);
    watcher.start("sleep 1000", "");
    long pid = watcher.next(AgentEvent.JobUp.class).pid();

    Signals.kill(session(pid));

    JobEnd end = watcher.end();
    assertThat(end.cause()).isEqualTo(JobEnd.Cause.KILLED);
    assertThat(end.exitCode()).isEqualTo(137);
  }

  @Test
  void proc_stat_survives_any_name() {
    String line = "42 (a) b (c) S 1 42 41 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 7 0 12345 1 1";

    assertThat(ProcStat.parse(line)).contains(new ProcStat(42, 'S', 1, 41, 0, 7, 12345));
    assertThat(ProcStat.parse("42 (a")).isEmpty();
  }

  private static List<ProcStat> session(long leader) throws IOException {
    return ProcStat.all().stream().filter(p -> p.session() == leader).toList();
  }

  private boolean logSays(String line) {
    try {
      return Files.readAllLines(dir.resolve("job/log")).contains(line);
    } catch (IOException e) {
      return false;
    }
  }

  /// One agent's view of the job.
  private final class Watcher {
    private final BlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
    private final ShimmedJob job;

    Watcher(int boot) throws IOException {
      Files.createDirectories(dir.resolve("job"));
      Map<String, String> env = Map.of("SALVOR_RUN", "demo");
      job = new ShimmedJob(new JobPlace(dir.resolve("job"), dir, boot, env), events::add);
      open.add(job);
    }

    void start(String command, String resume) {
      JobSpec spec = new JobSpec(command, "/work", Map.of("MINE", "yes"), List.of(), List.of());
      job.act(new Action.StartJob(spec, resume, 1));
    }

    <T> T next(Class<T> kind) throws InterruptedException {
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (true) {
        AgentEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
          throw new AssertionError("No " + kind.getSimpleName() + " within 30 s");
        }
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    }

    JobEnd end() throws InterruptedException {
      return next(AgentEvent.JobOver.class).end();
    }
  }
}
