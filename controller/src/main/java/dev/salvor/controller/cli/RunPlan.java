package dev.salvor.controller.cli;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.RunSpec;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a run of tasks asks for, worked out from flags and variables.
///
/// @param secrets what a file of the user's holds for the job alone; the spec names them
record RunPlan(RunSpec spec, RunFlags flags, Map<String, String> secrets) {
  static final String IMAGE = "nvidia/cuda:12.4.1-runtime-ubuntu22.04";
  static final int DISK_GB = 60;
  static final double MAX_PRICE = 2.0;
  static final double BUDGET = 20.0;

  private static final String APP = "/app";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT);

  /// So that a stamp fits behind it into a run's name.
  private static final int MAX_DIR_CHARS = 24;

  private static final int MAX_DISK_GB = 1 << 20;

  static RunPlan of(TaskList tasks, RunFlags flags, Surroundings here) throws Failure {
    RunSpec spec =
        new RunSpec(
            name(flags, here),
            job(tasks, flags),
            market(flags, here.env()),
            finish(flags),
            Usd.of(positive(flags.budget.orElse(BUDGET), "--budget")));
    return new RunPlan(spec.with(box(flags, here)), flags, Map.of());
  }

  /// Of a run.yaml: what is said on the command line goes before what the file says.
  static RunPlan of(RunSpec file, Map<String, String> secrets, RunFlags flags, Surroundings here)
      throws Failure {
    RunSpec.Market market = file.market();
    RunSpec.Market wanted =
        market.asking(
            flags.image.orElse(market.image()),
            narrowed(flags, flags.query.map(file::asking).orElse(market.query())),
            flags.disk.isPresent() ? disk(flags, here.env()) : market.diskGb(),
            flags.maxPrice.isPresent()
                ? UsdPerHour.of(positive(flags.maxPrice.get(), "--max-price"))
                : market.cap());
    RunSpec named = flags.job.isPresent() ? file.named(name(flags, here)) : file;
    RunSpec.Finish finish = flags.keep || flags.shell ? finish(flags) : file.finish();
    RunSpec spec =
        named
            .with(wanted)
            .with(
                finish
                    .keepingFailed(finish.keepFailed() || flags.keepOnFailure)
                    .leavingResults(finish.leaveResults() || flags.noPull))
            .with(box(file.box(), flags))
            .with(with(file.job(), flags));
    return new RunPlan(
        flags.budget.isPresent()
            ? new RunSpec(
                spec.run(),
                spec.job(),
                spec.market(),
                spec.box(),
                spec.finish(),
                Usd.of(positive(flags.budget.get(), "--budget")),
                spec.deadline())
            : spec,
        flags,
        secrets);
  }

  /// What the job is handed on of the user's variables, as far as they are set.
  Map<String, String> given(Map<String, String> env) {
    Map<String, String> given = new HashMap<>();
    for (String name : spec.job().care().secrets()) {
      given.put(name, secrets.getOrDefault(name, env.getOrDefault(name, "")));
    }
    return given;
  }

  private static RunSpec.Box box(RunSpec.Box box, RunFlags flags) {
    RunSpec.Box allowed = box.proxied(box.proxy() || flags.allowProxy);
    return flags.noSync ? allowed.syncing("") : allowed;
  }

  private static RunSpec.Job with(RunSpec.Job job, RunFlags flags) throws Failure {
    Map<String, String> all = new HashMap<>(job.env());
    all.putAll(env(flags));
    Set<String> secrets = new LinkedHashSet<>(job.care().secrets());
    secrets.addAll(secrets(flags));
    return new RunSpec.Job(
        job.command(),
        job.workdir(),
        all,
        job.checkpointRoots(),
        job.resultRoots(),
        job.care().handing(List.copyOf(secrets)));
  }

  private static List<String> secrets(RunFlags flags) throws Failure {
    for (String name : flags.secrets) {
      notTheKey("--secret", name);
    }
    return flags.secrets;
  }

  private static Map<String, String> env(RunFlags flags) throws Failure {
    for (String name : flags.env.keySet()) {
      notTheKey("--env", name);
    }
    return flags.env;
  }

  private static void notTheKey(String flag, String name) throws Failure {
    Optional<String> problem = RunSpec.Care.withheld(name);
    if (problem.isPresent()) {
      throw new Failure(
          Exit.USAGE, "Cannot take %s %s: %s. Leave it out.".formatted(flag, name, problem.get()));
    }
  }

  /// Where and when a run is asked for.
  record Surroundings(Path directory, Path home, Map<String, String> env, LocalDateTime now) {}

  private static RunSpec.Box box(RunFlags flags, Surroundings here) throws Failure {
    Path directory = here.directory().toAbsolutePath().normalize();
    boolean whole = directory.getNameCount() == 0 || directory.equals(here.home());
    if (whole && !flags.noSync) {
      throw new Failure(
          Exit.USAGE,
          "Cannot bring %s to a box: it is all that you have. Go to the directory that the tasks need, or say --no-sync."
              .formatted(directory));
    }
    RunSpec.Box usual = RunSpec.Box.USUAL;
    return new RunSpec.Box(
        usual.runtype(),
        usual.entrypoint(),
        usual.env(),
        usual.ports(),
        List.of("rsync"),
        flags.noSync ? "" : directory.toString(),
        flags.allowProxy,
        usual.volume());
  }

  private static RunSpec.Finish finish(RunFlags flags) {
    RunSpec.Finish finish =
        flags.keep || flags.shell
            ? new RunSpec.Finish(RunSpec.After.KEEP, false)
            : new RunSpec.Finish(RunSpec.After.DESTROY, true);
    return finish.keepingFailed(flags.keepOnFailure).leavingResults(flags.noPull);
  }

  private static RunSpec.Job job(TaskList tasks, RunFlags flags) throws Failure {
    // A shell needs no job, and the box a word that it is up.
    String command = tasks.tasks().isEmpty() ? ":" : String.join("; ", tasks.tasks());
    return new RunSpec.Job(
        command,
        APP,
        env(flags),
        List.of("/workspace"),
        List.of("/work"),
        RunSpec.Care.list(tasks.tasks(), secrets(flags)));
  }

  private static RunSpec.Market market(RunFlags flags, Map<String, String> env) throws Failure {
    String image = flags.image.orElse(env.getOrDefault("VAST_IMAGE", ""));
    return new RunSpec.Market(
        image.isBlank() ? IMAGE : image,
        query(flags, env),
        disk(flags, env),
        false,
        UsdPerHour.of(positive(flags.maxPrice.orElse(MAX_PRICE), "--max-price")));
  }

  private static String query(RunFlags flags, Map<String, String> env) {
    String own = flags.query.orElse(env.getOrDefault("VAST_QUERY", "")).strip();
    return narrowed(flags, own.isEmpty() ? OffersVerb.DEFAULTS : own);
  }

  /// A flag stands for whatever the query says of its field; all else in the query stays.
  private static String narrowed(RunFlags flags, String query) {
    String next = query;
    if (flags.minGpuRam.isPresent()) {
      next = RunSpec.Market.narrowed(next, "gpu_ram", "gpu_ram>=" + flags.minGpuRam.get());
    }
    if (flags.gpu.isPresent()) {
      String name = flags.gpu.get().strip().replace(' ', '_');
      next = RunSpec.Market.narrowed(next, "gpu_name", "gpu_name=" + name);
    }
    return next;
  }

  private static int disk(RunFlags flags, Map<String, String> env) throws Failure {
    String text = env.getOrDefault("VAST_DISK", "").strip();
    int gb =
        flags.disk.isPresent()
            ? flags.disk.get()
            : text.isEmpty() ? DISK_GB : text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
    if (gb < 1 || gb > MAX_DISK_GB) {
      throw new Failure(
          Exit.USAGE,
          "Cannot rent a disk of '%s' GB: --disk and VAST_DISK take a whole number of 1 or more."
              .formatted(flags.disk.isPresent() ? Integer.toString(gb) : text));
    }
    return gb;
  }

  private static double positive(double amount, String flag) throws Failure {
    if (!(amount > 0) || amount > 1e6) {
      throw new Failure(
          Exit.USAGE, "Cannot spend $%s: %s takes an amount over 0.".formatted(amount, flag));
    }
    return amount;
  }

  private static RunId name(RunFlags flags, Surroundings here) throws Failure {
    String name = flags.job.orElseGet(() -> usual(here));
    try {
      return new RunId(name);
    } catch (IllegalArgumentException e) {
      throw new Failure(
          Exit.USAGE,
          "Cannot name a run '%s': names have lower-case letters, digits, '-' and '_', 40 at most. Try --job %s."
              .formatted(name, shaped(name, 40)),
          e);
    }
  }

  /// After the directory, and the moment.
  private static String usual(Surroundings here) {
    Path last = here.directory().toAbsolutePath().normalize().getFileName();
    String dir = shaped(last == null ? "" : last.toString(), MAX_DIR_CHARS);
    return dir + "-" + STAMP.format(here.now());
  }

  private static String shaped(String name, int most) {
    String plain =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]+", "-").replaceAll("^[_-]+|-+$", "");
    return plain.isEmpty() ? "run" : plain.substring(0, Math.min(most, plain.length()));
  }
}
