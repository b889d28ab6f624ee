package dev.salvor.agent.job;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One agent's view of the job of a box below a directory, which it ends when it is closed.
final class JobWatcher implements AutoCloseable {
  final ShimmedJob job;
  private final BlockingQueue<AgentEvent> events = new LinkedBlockingQueue<>();
  private final Path dir;

  JobWatcher(Path dir, int boot) throws IOException {
    this.dir = dir;
    Files.createDirectories(dir.resolve("job"));
    job = new ShimmedJob(new JobPlace(dir.resolve("job"), dir, boot, Map.of()), events::add);
  }

  static JobCare.Tasks tasks(List<String> first, List<String> resume, List<String> list) {
    return new JobCare.Tasks(first, resume, list, List.of());
  }

  static JobCare care(JobCare.Tasks tasks) {
    return new JobCare(tasks, new JobCare.Listens.Never(), Map.of(), List.of(), 0);
  }

  static JobCare care(JobCare.Listens listens) {
    return new JobCare(tasks(List.of(), List.of(), List.of()), listens, Map.of(), List.of(), 0);
  }

  static JobCare care(Map<String, Secret> secrets) {
    return new JobCare(
        tasks(List.of(), List.of(), List.of()), new JobCare.Listens.Never(), secrets, List.of(), 0);
  }

  JobWatcher start(String command, JobCare care, int number) {
    JobSpec spec = new JobSpec(command, "/work", Map.of(), List.of(), List.of(), care);
    job.act(new Action.StartJob(spec, "", number));
    return this;
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

  List<String> lines(String file) throws IOException {
    Path path = dir.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  boolean logSays(String line) {
    try {
      return lines("job/log").contains(line);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    job.close();
    try (var records = Files.newDirectoryStream(dir.resolve("job"), "boot-*")) {
      for (Path record : records) {
        var found = JobRecord.read(record);
        if (found.isPresent()) {
          String mark = Files.readString(record.resolve("mark")).strip();
          Signals.kill(new Members(found.get(), mark).living());
        }
      }
    }
  }
}
