package dev.salvor.agent.job;

import dev.salvor.agent.core.JobSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Starts the shim, once a start that was ordered.
final class Starter {
  /// Two forks and a small file; a loaded box is slow.
  private static final long RECORD_DEADLINE_MS = 20_000;

  private static final int POLL_MS = 20;
  private static final int EXIT_LOCKED = 75;
  private static final int EXIT_RECORDED = 76;
  private static final int EXIT_WORKDIR = 77;

  private final JobPlace place;

  Starter(JobPlace place) {
    this.place = place;
  }

  /// Empty once the job is on record; else why it was not started.
  Optional<String> start(JobSpec job, String resume, int number) throws IOException {
    Path record = place.record(number);
    Files.createDirectories(record);
    Files.setPosixFilePermissions(place.jobs(), PosixFilePermissions.fromString("rwx------"));
    Path workdir = place.onDisk(job.workdir());
    Files.createDirectories(workdir);
    String mark = UUID.randomUUID().toString();
    Files.writeString(record.resolve("workdir"), workdir.toString());
    Files.writeString(record.resolve("oom"), Long.toString(BoxVitals.oomKills(place.root())));
    Plan.of(job, place.boot()).write(record, mark, place.done());
    Process shim = launch(new JobEnvironment.Start(job, resume, number, mark), workdir);
    return await(shim, record);
  }

  /// The counter as it stood when this start was made.
  long oomKillsAtStart(int number) throws IOException {
    try {
      return Long.parseLong(Files.readString(place.record(number).resolve("oom")).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      return BoxVitals.oomKills(place.root());
    }
  }

  Path workdir(int number) throws IOException {
    return Path.of(Files.readString(place.record(number).resolve("workdir")));
  }

  /// What every process of this start carries; empty where it was started by an agent that left no
  /// mark.
  String mark(int number) throws IOException {
    try {
      return Files.readString(place.record(number).resolve("mark")).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private Process launch(JobEnvironment.Start start, Path workdir) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "setsid",
            "bash",
            writeScript().toString(),
            "outer",
            place.jobs().toString(),
            place.record(start.number()).toString());
    Path shimLog = place.jobs().resolve("shim.log");
    builder
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(shimLog.toFile()));
    Map<String, String> env = builder.environment();
    Map<String, String> wanted = new JobEnvironment(place).of(start, Map.copyOf(env));
    env.clear();
    env.putAll(wanted);
    env.put("SALVOR_WORKDIR", workdir.toString());
    env.put("SALVOR_GO_ON", start.job().care().tasks().goOn() ? "1" : "");
    return builder.start();
  }

  private Optional<String> await(Process shim, Path record) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECORD_DEADLINE_MS);
    try {
      while (System.nanoTime() - deadline < 0) {
        boolean ended = shim.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
        if (JobRecord.read(record).isPresent()) {
          return Optional.empty();
        }
        if (ended) {
          return Optional.of(refusal(shim.exitValue()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the shim started", e);
    }
    return Optional.of("The shim wrote no record within %d ms".formatted(RECORD_DEADLINE_MS));
  }

  private String refusal(int exit) {
    return switch (exit) {
      case EXIT_LOCKED ->
          "Did not start the job: something of an earlier one still holds "
              + place.jobs()
              + "/lock";
      case EXIT_RECORDED -> "Did not start the job: this start of it was made already";
      case EXIT_WORKDIR -> "Did not start the job: its workdir cannot be entered";
      default -> "The shim ended with %d; see %s".formatted(exit, place.jobs().resolve("shim.log"));
    };
  }

  private Path writeScript() throws IOException {
    Path script = place.jobs().resolve("shim.sh");
    Path temp = place.jobs().resolve("shim.sh.tmp");
    try (InputStream resource = Starter.class.getResourceAsStream("shim.sh")) {
      if (resource == null) {
        throw new IllegalStateException("The jar has no shim.sh");
      }
      Files.writeString(temp, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    }
    return Files.move(
        temp, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
