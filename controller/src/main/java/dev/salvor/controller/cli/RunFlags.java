package dev.salvor.controller.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What can be said of a run on the command line.
final class RunFlags {
  @Option(names = "--tasks", paramLabel = "FILE", description = "tasks, one a line; # comments")
  Optional<Path> tasks = Optional.empty();

  @Option(names = "--job", paramLabel = "NAME", description = "(default: DIR-YYYYMMDD_HHMMSS)")
  Optional<String> job = Optional.empty();

  @Option(names = "--shell", description = "open a shell on the box, and keep it")
  boolean shell;

  @Option(names = "--ssh-key", paramLabel = "FILE", description = "(default: ~/.ssh/id_ed25519 …)")
  Optional<Path> sshKey = Optional.empty();

  @Option(names = "--no-sync", description = "do not bring this directory to /app")
  boolean noSync;

  @Option(names = "--no-pull", description = "give up the results: they go with the box")
  boolean noPull;

  @Option(names = "--keep", description = "leave the box running when the tasks are done")
  boolean keep;

  @Option(names = "--keep-on-failure", description = "leave the box running when a task failed")
  boolean keepOnFailure;

  @Option(names = "--dry-run", description = "print what would be done; touch nothing")
  boolean dryRun;

  @Option(names = "--image", paramLabel = "IMAGE", description = "(default: $VAST_IMAGE)")
  Optional<String> image = Optional.empty();

  @Option(names = "--disk", paramLabel = "GB", description = "(default: $VAST_DISK, else 60)")
  Optional<Integer> disk = Optional.empty();

  @Option(
      names = "--query",
      paramLabel = "QUERY",
      description = "(default: $VAST_QUERY, else that of 'salvor offers')")
  Optional<String> query = Optional.empty();

  @Option(names = "--gpu", paramLabel = "NAME", description = "such as RTX_4090")
  Optional<String> gpu = Optional.empty();

  @Option(names = "--min-gpu-ram", paramLabel = "GB", description = "of one GPU")
  Optional<Integer> minGpuRam = Optional.empty();

  @Option(names = "--max-price", paramLabel = "USD", description = "an hour (default: 2)")
  Optional<Double> maxPrice = Optional.empty();

  @Option(names = "--budget", paramLabel = "USD", description = "for the run (default: 20)")
  Optional<Double> budget = Optional.empty();

  @Option(names = "--env", paramLabel = "K=V", description = "for the tasks; repeatable")
  Map<String, String> env = Map.of();

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "hand this variable of yours to the tasks, past the platform and the journal")
  List<String> secrets = List.of();

  @Option(names = "--allow-proxy", description = "sync through the platform's slow proxy too")
  boolean allowProxy;
}
