package dev.salvor.agent.job;

import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.common.unit.TaskDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What one start runs, step by step: what prepares the box, then the tasks, or the one command.
/// Written for the shim, a file a step; each step but the command leaves a mark when it is done.
record Plan(List<Line> lines) {
  static final String TASK = "task-";
  private static final String FIRST = "first-";
  private static final String RESUME = "resume-";
  private static final String JOB = "job";
  private static final String DIRECTORY = "plan-";
  private static final int TEXT_CHARS = 200;

  /// A step: its name in the marks, and its command.
  record Line(String name, String command) {}

  static Plan of(JobSpec job, int boot) {
    JobCare.Tasks tasks = job.care().tasks();
    List<Line> lines = new ArrayList<>();
    TaskDigests.of(tasks.envFirst()).forEach((d, text) -> lines.add(new Line(FIRST + d, text)));
    if (boot > 1) {
      // Its mark is of this boot: it is not repeated when the job is started again.
      TaskDigests.of(tasks.envResume())
          .forEach((d, text) -> lines.add(new Line(RESUME + boot + "-" + d, text)));
    }
    TaskDigests.of(tasks.list())
        .forEach((d, text) -> {
          if (!tasks.done().contains(d)) {
            lines.add(new Line(TASK + d, text));
          }
        });
    if (tasks.list().isEmpty()) {
      lines.add(new Line(JOB, job.command()));
    }
    return new Plan(List.copyOf(lines));
  }

  /// For the owner only: a command may hold what is nobody's business. Each attempt to start has
  /// its own, since the shim of one whose agent died may still be about to run.
  void write(Path record, String mark, Path done) throws IOException {
    Path directory = record.resolve(DIRECTORY + mark);
    var owner = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(owner));
    Files.createDirectories(done, PosixFilePermissions.asFileAttribute(owner));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Files.writeString(directory.resolve("%05d-%s".formatted(i, line.name())), line.command());
    }
  }

  /// A task that had its turn: its first line, and how it ended.
  record Turn(String text, int exit) {}

  /// The tasks of a record's plan that had their turn, in order, by digest.
  static Map<String, Turn> tasksOver(Path record, String mark, Path done) throws IOException {
    Map<String, Turn> tasks = new LinkedHashMap<>();
    try (Stream<Path> steps = Files.list(record.resolve(DIRECTORY + mark))) {
      for (Path step : steps.sorted().toList()) {
        String name = step.getFileName().toString().replaceFirst("^\\d+-", "");
        if (name.startsWith(TASK) && Files.exists(done.resolve(name))) {
          String text = firstLine(Files.readString(step));
          String how = Files.readString(done.resolve(name)).strip();
          tasks.put(name.substring(TASK.length()), new Turn(text, exit(how)));
        }
      }
    } catch (NoSuchFileException e) {
      return Map.of();
    }
    return tasks;
  }

  /// A mark holds a word where the task ended well, else its exit status.
  private static int exit(String mark) {
    return mark.matches("\\d{1,3}") ? Integer.parseInt(mark) : 0;
  }

  /// Whether the step that a start was at prepares the box only.
  static boolean preparing(Path record) throws IOException {
    return doing(record).filter(d -> d.startsWith(FIRST) || d.startsWith(RESUME)).isPresent();
  }

  private static Optional<String> doing(Path record) throws IOException {
    try {
      return Optional.of(Files.readString(record.resolve("doing")).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), TEXT_CHARS));
  }
}
