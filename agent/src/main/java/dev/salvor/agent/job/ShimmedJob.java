package dev.salvor.agent.job;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.Action.StopWhy;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The job of this boot, under its shim: starts it once a start, finds it again, watches it, ends
/// it. One thread does all of it, in order.
public final class ShimmedJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShimmedJob.class);

  /// An end is seen within this.
  private static final long LOOK_EVERY_MS = 1_000;

  /// While somebody looks at its output.
  private static final long LOOK_WATCHED_MS = 250;

  /// As often as the core wants to hear of its processor time.
  private static final long PULSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// What is left of a job after its leader ended gets this long to go.
  private static final long LEFTOVER_GRACE_MS = 2_000;

  private static final int EXIT_SIGKILL = 137;
  private static final String STOP_MARK = "stop";

  private final JobPlace place;
  private final Consumer<AgentEvent> inbox;
  private final Starter starter;
  private final JobLog log;
  private final LogWatch viewers;
  private final Set<String> tasksTold = new HashSet<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("job").daemon(true).factory());

  private @Nullable Run running;
  private Progress told = Progress.NONE;
  private long pulseAtNanos = System.nanoTime() + PULSE_NANOS;
  private long killAtNanos;
  private boolean killDue;

  public ShimmedJob(JobPlace place, Consumer<AgentEvent> inbox) {
    this.place = place;
    this.inbox = inbox;
    this.starter = new Starter(place);
    this.log = new JobLog(place.log(), JobLog.ROTATE_BYTES);
    this.viewers = new LogWatch(log, System.nanoTime(), inbox);
  }

  /// A start that is watched.
  private record Run(int number, JobRecord record, Members members) {}

  /// Takes the action and returns; its outcome comes as an event.
  public void act(Action.ForJob action) {
    thread.execute(() -> {
      switch (action) {
        case Action.FindJob find -> find(find.start(), find.care());
        case Action.StartJob start -> start(start);
        case Action.StopJob stop -> stop(stop);
        case Action.AskCheckpoint ask -> ask(ask.by());
        case Action.TailLog tail -> tail(tail);
      }
    });
  }

  /// Stops watching; the job goes on.
  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void find(int number, JobCare care) {
    try {
      follow(care, number);
      if (!adopt(number)) {
        inbox.accept(new AgentEvent.JobAbsent());
      }
    } catch (IOException | RuntimeException e) {
      // Without knowing whether one runs, none may be started: said, and looked again.
      LOG.atError().addKeyValue("why", e).log("cannot tell whether a job runs, looking again");
      again(() -> find(number, care));
    }
  }

  private void start(Action.StartJob start) {
    try {
      follow(start.job().care(), start.start());
      if (adopt(start.start())) {
        return;
      }
      Optional<String> refused = starter.start(start.job(), start.resume(), start.start());
      if (refused.isPresent()) {
        inbox.accept(new AgentEvent.JobRefused(refused.get()));
      } else {
        watch(start.start(), false);
      }
    } catch (IOException | RuntimeException e) {
      inbox.accept(new AgentEvent.JobRefused("Cannot start the job: " + e));
    }
  }

  /// One that is on record was looked after before: its log is read on.
  private void follow(JobCare care, int number) throws IOException {
    log.strike(care.secrets().values());
    if (!care.onLog().isEmpty()) {
      Files.createDirectories(place.jobs());
    }
    log.seek(
        care.onLog(),
        JobRecord.read(place.record(number)).isPresent(),
        hit -> inbox.accept(new AgentEvent.LogMatched(number, hit.policy(), hit.line())));
  }

  /// Takes up a start of this boot if it is on record, running or ended.
  private boolean adopt(int number) throws IOException {
    Run run = running;
    if (run != null) {
      inbox.accept(new AgentEvent.JobUp(run.record().pid(), true, run.number()));
      return true;
    }
    if (JobRecord.read(place.record(number)).isEmpty()) {
      return false;
    }
    watch(number, true);
    return true;
  }

  private void watch(int number, boolean adopted) throws IOException {
    JobRecord found =
        JobRecord.read(place.record(number))
            .orElseThrow(() -> new IOException("The shim left no record of its job"));
    running = new Run(number, found, new Members(found, starter.mark(number)));
    killDue = false;
    if (!adopted || found.jobAlive()) {
      inbox.accept(new AgentEvent.JobUp(found.pid(), adopted, number));
    }
    look();
  }

  private void look() {
    Run run = running;
    if (run == null) {
      return;
    }
    try {
      follow(run);
      if (run.record().jobAlive() || run.record().shimAlive()) {
        // The shim outlives its job by a moment: it writes the exit status, and holds the lock.
        killIfDue(run);
      } else if (leftoversGone(run)) {
        JobEnd end = end(run);
        running = null;
        inbox.accept(new AgentEvent.JobOver(end, run.number()));
        return;
      }
    } catch (IOException | RuntimeException e) {
      LOG.atWarn().addKeyValue("why", e).log("cannot look after the job, looking again");
    }
    again(this::look);
  }

  private void again(Runnable look) {
    long pause = viewers.watched() || killDue ? LOOK_WATCHED_MS : LOOK_EVERY_MS;
    var _ = thread.schedule(look, pause, TimeUnit.MILLISECONDS);
  }

  private void follow(Run run) throws IOException {
    Progress now = log.follow();
    if (!now.equals(told)) {
      told = now;
      inbox.accept(new AgentEvent.JobProgressed(now));
    }
    viewers.goOn();
    for (var task : tasksOver(run).entrySet()) {
      if (tasksTold.add(task.getKey())) {
        Plan.Turn turn = task.getValue();
        inbox.accept(new AgentEvent.TaskFinished(task.getKey(), turn.text(), turn.exit()));
      }
    }
    if (System.nanoTime() - pulseAtNanos >= 0) {
      pulseAtNanos = System.nanoTime() + PULSE_NANOS;
      List<ProcStat> living = run.members().living();
      long ticks = living.stream().mapToLong(ProcStat::ticks).sum();
      int threads = living.stream().mapToInt(ProcStat::threads).sum();
      inbox.accept(new AgentEvent.JobPulse(ticks * ProcStat.TICK_MS, threads));
    }
  }

  private Map<String, Plan.Turn> tasksOver(Run run) throws IOException {
    return Plan.tasksOver(place.record(run.number()), run.members().mark(), place.done());
  }

  private void stop(Action.StopJob stop) {
    Run run = running;
    if (run == null) {
      return;
    }
    try {
      Files.writeString(place.record(run.number()).resolve(STOP_MARK), stop.why().name());
      Signals.terminate(run.members().living());
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e).log("cannot ask the job to stop, it is killed later");
    }
    killAfter(stop.graceMs());
  }

  private void killAfter(long graceMs) {
    killAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMs);
    killDue = true;
  }

  private void killIfDue(Run run) throws IOException {
    if (killDue && System.nanoTime() - killAtNanos >= 0) {
      Signals.kill(run.members().living());
    }
  }

  /// The leader is gone. What it left is asked to go, then killed.
  private boolean leftoversGone(Run run) throws IOException {
    List<ProcStat> left = run.members().living();
    if (left.isEmpty()) {
      return true;
    }
    if (!killDue) {
      Signals.terminate(left);
      killAfter(LEFTOVER_GRACE_MS);
    }
    killIfDue(run);
    return false;
  }

  private JobEnd end(Run run) throws IOException {
    follow(run);
    log.ended();
    Path record = place.record(run.number());
    OptionalInt written = JobRecord.exit(record);
    Ending ending =
        new Ending(
            written.orElse(EXIT_SIGKILL),
            stopped(record),
            BoxVitals.oomKills(place.root()) - starter.oomKillsAtStart(run.number()),
            BoxVitals.full(starter.workdir(run.number())),
            Plan.preparing(record),
            log.last(LogWatch.LINES_AT_ONCE));
    return new JobEnd(run.record().pid(), ending.exitCode(), ending.cause(), log.tail());
  }

  private static Optional<StopWhy> stopped(Path record) throws IOException {
    try {
      return Optional.of(StopWhy.valueOf(Files.readString(record.resolve(STOP_MARK)).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      // The mark of an agent that knew one reason, or one that a full disk cut short.
      return Optional.of(StopWhy.ORDERED);
    }
  }

  private void ask(JobCare.Listens by) {
    Run run = running;
    if (run == null) {
      inbox.accept(new AgentEvent.AskFailed("the job is over"));
      return;
    }
    try {
      Optional<String> refused =
          switch (by) {
            case JobCare.Listens.Never _ -> Optional.of("the job does not listen");
            case JobCare.Listens.Signal signal -> signal(run, signal.name());
            case JobCare.Listens.File file -> touch(place.onDisk(file.path()));
          };
      refused.ifPresent(why -> inbox.accept(new AgentEvent.AskFailed(why)));
    } catch (IOException e) {
      inbox.accept(new AgentEvent.AskFailed("the job could not be asked: " + e));
    }
  }

  /// Only to those that catch it: it would end any other.
  private static Optional<String> signal(Run run, String name) throws IOException {
    int number = Map.copyOf(Signals.NUMBERS).getOrDefault(name, 0);
    List<ProcStat> listening = run.members().catching(number);
    for (ProcStat process : listening) {
      Signals.send(name, process);
    }
    return listening.isEmpty()
        ? Optional.of("no process of the job catches SIG" + name)
        : Optional.empty();
  }

  private static Optional<String> touch(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return Optional.of("there is no directory for " + file);
    }
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    return Optional.empty();
  }

  private void tail(Action.TailLog tail) {
    try {
      if (running == null) {
        log.follow();
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("why", e).log("cannot read the job's log");
    }
    viewers.begin(tail.lines(), tail.forMs());
  }
}
