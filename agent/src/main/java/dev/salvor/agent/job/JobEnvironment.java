package dev.salvor.agent.job;

import dev.salvor.agent.core.JobCare;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.common.checkpoint.PinPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a job finds in its environment: the platform's settings, the user's, the user's secrets,
/// room for its caches, and who it is.
final class JobEnvironment {
  /// Every process of a start carries it, wherever it goes.
  static final String MARK = "SALVOR_MARK";

  /// The agent's own, which would only slow a job or tell it too much.
  private static final List<String> NOT_FOR_JOBS =
      List.of(
          "SALVOR_JOIN_TOKEN",
          "SALVOR_CA_PIN",
          "SALVOR_ENDPOINTS",
          "SALVOR_AOT",
          "MALLOC_ARENA_MAX");

  private final JobPlace place;

  JobEnvironment(JobPlace place) {
    this.place = place;
  }

  /// One start of a job.
  ///
  /// @param resume empty, or the absolute path on the box of what to go on from
  record Start(JobSpec job, String resume, int number, String mark) {}

  /// @param own this process's environment
  Map<String, String> of(Start start, Map<String, String> own) throws IOException {
    JobSpec job = start.job();
    Map<String, String> env = new HashMap<>(BoxSettings.read(place.root()));
    env.putAll(own);
    NOT_FOR_JOBS.forEach(env::remove);
    env.putAll(job.env());
    job.care().secrets().forEach((name, secret) -> env.put(name, secret.reveal()));
    caches(env, place.onDisk(job.workdir()));
    env.putAll(place.env());
    env.put("SALVOR_BOOT", Integer.toString(place.boot()));
    env.put("SALVOR_START", Integer.toString(start.number()));
    env.put(MARK, start.mark());
    resume(env, start.resume());
    listening(env, job.care());
    return env;
  }

  /// On the disk that the job works on, since homes are small, unless the user has a place for
  /// them; below a directory of ours, which is never cargo.
  private static void caches(Map<String, String> env, Path workdir) throws IOException {
    Path ours = workdir.resolve(PinPlace.DIRECTORY);
    Path home = Path.of(env.getOrDefault("HOME", "/root")).resolve(".cache");
    cache(env, "HF_HOME", home.resolve("huggingface"), ours.resolve("hf"));
    cache(env, "TORCH_HOME", home.resolve("torch"), ours.resolve("torch"));
    if (!env.containsKey("TMPDIR")) {
      env.put("TMPDIR", Files.createDirectories(ours.resolve("tmp")).toString());
      // The shim empties it, once it is the one that runs.
      env.put("SALVOR_TMP", ours.resolve("tmp").toString());
    }
  }

  /// One that is filled already, as in an image, stays where it is.
  private static void cache(Map<String, String> env, String name, Path usual, Path ours)
      throws IOException {
    if (!env.containsKey(name) && !Files.exists(usual)) {
      env.put(name, Files.createDirectories(ours).toString());
    }
  }

  private void resume(Map<String, String> env, String resume) {
    env.remove("SALVOR_RESUME");
    if (!resume.isEmpty() && Files.exists(place.onDisk(resume))) {
      env.put("SALVOR_RESUME", place.onDisk(resume).toString());
    }
  }

  private void listening(Map<String, String> env, JobCare care) {
    if (care.intervalS() > 0) {
      env.put("SALVOR_CHECKPOINT_INTERVAL_S", Integer.toString(care.intervalS()));
    }
    switch (care.listens()) {
      case JobCare.Listens.Never _ -> {}
      case JobCare.Listens.Signal signal ->
          env.put("SALVOR_CHECKPOINT_SIGNAL", "SIG" + signal.name());
      case JobCare.Listens.File file ->
          env.put("SALVOR_CHECKPOINT_REQUEST", place.onDisk(file.path()).toString());
    }
  }
}
