package dev.salvor.agent.job;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The job of this boot, under its shim: starts it once, finds it again, watches it, ends it. One
/// thread does all of it, in order.
public final class ShimmedJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShimmedJob.class);

  /// An end is seen within this.
  private static final long LOOK_EVERY_MS = 500;

  /// What is left of a job's session after its leader ended gets this long to go.
  private static final long LEFTOVER_GRACE_MS = 2_000;

  private static final int EXIT_SIGKILL = 137;
  private static final String STOP_MARK = "stop";

  private final JobPlace place;
  private final Consumer<AgentEvent> inbox;
  private final Starter starter;
  private final JobLog log;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("job").daemon(true).factory());

  private @Nullable JobRecord running;
  private Progress told = Progress.NONE;
  private long killAtNanos;
  private boolean killDue;

  public ShimmedJob(JobPlace place, Consumer<AgentEvent> inbox) {
    this.place = place;
    this.inbox = inbox;
    this.starter = new Starter(place);
    this.log = new JobLog(place.log(), JobLog.ROTATE_BYTES);
  }

  /// Takes the action and returns; its outcome comes as an event.
  public void act(Action.ForJob action) {
    thread.execute(() -> {
      switch (action) {
        case Action.FindJob _ -> find();
        case Action.StartJob start -> start(start);
        case Action.StopJob stop -> stop(stop.graceMs());
      }
    });
  }

  /// Stops watching; the job goes on.
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void find() {
    try {
      if (!adopt()) {
        inbox.accept(new AgentEvent.JobAbsent());
      }
    } catch (IOException e) {
      // Without knowing whether one runs, none may be started: said, and looked again.
      LOG.atError().addKeyValue("why", e).log("cannot tell whether a job runs, looking again");
      again(this::find);
    }
  }

  private void start(Action.StartJob start) {
    try {
      if (adopt()) {
        return;
      }
      Optional<String> refused = starter.start(start.job(), start.resume());
      if (refused.isPresent()) {
        inbox.accept(new AgentEvent.JobRefused(refused.get()));
      } else {
        watch(false);
      }
    } catch (IOException e) {
      inbox.accept(new AgentEvent.JobRefused("Cannot start the job: " + e));
    }
  }

  /// Takes up the job of this boot if one is on record, running or ended.
  private boolean adopt() throws IOException {
    if (running != null) {
      inbox.accept(new AgentEvent.JobUp(running.pid(), true));
      return true;
    }
    if (JobRecord.read(place.record()).isEmpty()) {
      return false;
    }
    watch(true);
    return true;
  }

  private void watch(boolean adopted) throws IOException {
    JobRecord found =
        JobRecord.read(place.record())
            .orElseThrow(() -> new IOException("The shim left no record of its job"));
    running = found;
    if (!adopted || found.jobAlive()) {
      inbox.accept(new AgentEvent.JobUp(found.pid(), adopted));
    }
    look();
  }

  private void look() {
    JobRecord job = running;
    if (job == null) {
      return;
    }
    try {
      follow();
      if (job.jobAlive() || job.shimAlive()) {
        // The shim outlives its job by a moment: it writes the exit status, and holds the lock.
        killIfDue(job);
      } else if (leftoversGone(job)) {
        running = null;
        inbox.accept(new AgentEvent.JobOver(end(job)));
        return;
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e).log("cannot look after the job, looking again");
    }
    again(this::look);
  }

  private void again(Runnable look) {
    var _ = thread.schedule(look, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  private void follow() throws IOException {
    Progress now = log.follow();
    if (!now.equals(told)) {
      told = now;
      inbox.accept(new AgentEvent.JobProgressed(now));
    }
  }

  private void stop(int graceMs) {
    JobRecord job = running;
    if (job == null) {
      return;
    }
    try {
      Files.writeString(place.record().resolve(STOP_MARK), "");
      Signals.group("TERM", job.pid());
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e).log("cannot ask the job to stop, it is killed later");
    }
    killAfter(graceMs);
  }

  private void killAfter(long graceMs) {
    killAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMs);
    killDue = true;
  }

  private void killIfDue(JobRecord job) throws IOException {
    if (killDue && System.nanoTime() - killAtNanos >= 0) {
      Signals.each("KILL", ProcStat.session(job.pid()));
    }
  }

  /// The leader is gone. What it left of its session is asked to go, then killed.
  private boolean leftoversGone(JobRecord job) throws IOException {
    List<ProcStat> left = ProcStat.session(job.pid());
    if (left.isEmpty()) {
      return true;
    }
    if (!killDue) {
      Signals.each("TERM", left);
      killAfter(LEFTOVER_GRACE_MS);
    }
    killIfDue(job);
    return false;
  }

  private JobEnd end(JobRecord job) throws IOException {
    follow();
    OptionalInt written = JobRecord.exit(place.record());
    Ending ending =
        new Ending(
            written.orElse(EXIT_SIGKILL),
            Files.exists(place.record().resolve(STOP_MARK)),
            BoxVitals.oomKills(place.root()) - starter.oomKillsAtStart(),
            BoxVitals.full(starter.workdir()),
            log.tail());
    return new JobEnd(job.pid(), ending.exitCode(), ending.cause(), ending.tail());
  }
}
