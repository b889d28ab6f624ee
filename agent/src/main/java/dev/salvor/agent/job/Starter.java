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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Starts the shim, once a boot.
final class Starter {
  /// Two forks and a small file; a loaded box is slow.
  private static final long RECORD_DEADLINE_MS = 20_000;

  private static final int POLL_MS = 20;
  private static final int EXIT_LOCKED = 75;
  private static final int EXIT_RECORDED = 76;
  private static final int EXIT_WORKDIR = 77;

  /// The agent's own, which would only slow a job or tell it too much.
  private static final List<String> NOT_FOR_JOBS =
      List.of(
          "SALVOR_JOIN_TOKEN",
          "SALVOR_CA_PIN",
          "SALVOR_ENDPOINTS",
          "SALVOR_AOT",
          "MALLOC_ARENA_MAX");

  private final JobPlace place;

  Starter(JobPlace place) {
    this.place = place;
  }

  /// Empty once the job is on record; else why it was not started.
  Optional<String> start(JobSpec job, String resume) throws IOException {
    Path record = place.record();
    Files.createDirectories(record);
    Files.setPosixFilePermissions(place.jobs(), PosixFilePermissions.fromString("rwx------"));
    Path workdir = place.onDisk(job.workdir());
    Files.createDirectories(workdir);
    Files.writeString(record.resolve("workdir"), workdir.toString());
    Files.writeString(record.resolve("oom"), Long.toString(BoxVitals.oomKills(place.root())));
    Process shim = launch(writeScript(), job, resume, workdir);
    return await(shim);
  }

  /// The counter as it stood when the job of this boot was started.
  long oomKillsAtStart() throws IOException {
    try {
      return Long.parseLong(Files.readString(place.record().resolve("oom")).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      return BoxVitals.oomKills(place.root());
    }
  }

  Path workdir() throws IOException {
    return Path.of(Files.readString(place.record().resolve("workdir")));
  }

  private Process launch(Path script, JobSpec job, String resume, Path workdir) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "setsid",
            "bash",
            script.toString(),
            "outer",
            place.jobs().toString(),
            place.record().toString());
    Path shimLog = place.jobs().resolve("shim.log");
    builder
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(shimLog.toFile()));
    Map<String, String> env = builder.environment();
    NOT_FOR_JOBS.forEach(env::remove);
    env.putAll(job.env());
    env.putAll(place.env());
    env.put("SALVOR_BOOT", Integer.toString(place.boot()));
    env.put("SALVOR_COMMAND", job.command());
    env.put("SALVOR_WORKDIR", workdir.toString());
    env.remove("SALVOR_RESUME");
    if (!resume.isEmpty()) {
      env.put("SALVOR_RESUME", place.onDisk(resume).toString());
    }
    return builder.start();
  }

  private Optional<String> await(Process shim) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECORD_DEADLINE_MS);
    try {
      while (System.nanoTime() - deadline < 0) {
        boolean ended = shim.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
        if (JobRecord.read(place.record()).isPresent()) {
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
      case EXIT_RECORDED -> "Did not start the job: this boot's job was started already";
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
