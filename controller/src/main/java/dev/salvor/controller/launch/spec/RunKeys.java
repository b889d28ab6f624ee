package dev.salvor.controller.launch.spec;

import java.util.List;
import java.util.Map;

/// Every key that a run.yaml may hold, and what people write instead.
final class RunKeys {
  static final List<String> TOP =
      List.of(
          "name",
          "image",
          "query",
          "type",
          "bid",
          "disk",
          "max_price",
          "budget",
          "deadline",
          "runtype",
          "entrypoint",
          "args",
          "volumes",
          "ports",
          "reach",
          "env",
          "env_file",
          "secrets",
          "packages",
          "pip",
          "setup",
          "code",
          "data",
          "env_first",
          "env_resume",
          "workdir",
          "job",
          "tasks",
          "runner",
          "gate",
          "checkpoints",
          "results",
          "scratch",
          "listens",
          "checkpoint_every",
          "on_log",
          "targets",
          "retention",
          "verify",
          "finish");

  static final List<String> DISK = List.of("size", "image", "data", "checkpoint", "keep", "cache");
  static final List<String> BID = List.of("then", "first", "margin");
  static final List<String> VOLUME = List.of("id", "path");
  static final List<String> PIP = List.of("packages", "requirements");
  static final List<String> CODE = List.of("git", "branch", "path", "sync");
  static final List<String> DATA =
      List.of("url", "sha256", "rclone", "s3", "endpoint", "link", "to");
  static final List<String> TARGET = List.of("s3", "endpoint", "region");
  static final List<String> RETENTION = List.of("newest", "best", "every", "on_box");
  static final List<String> ON_LOG = List.of("match", "do", "times");
  static final List<String> FINISH = List.of("then", "approval", "unattended", "lease");

  /// Words of other tools, and where their thing is said here.
  static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("run", "name"),
          Map.entry("command", "job"),
          Map.entry("cmd", "job"),
          Map.entry("args_str", "args"),
          Map.entry("gpu", "query"),
          Map.entry("price", "max_price"),
          Map.entry("environment", "env"),
          Map.entry("envs", "env"),
          Map.entry("outputs", "results"),
          Map.entry("file_mounts", "data"),
          Map.entry("label", "name"),
          Map.entry("ssh", "reach"),
          Map.entry("target", "targets"));

  /// Keys that were thought of and mean nothing yet: better refused than passed over.
  static final Map<String, String> NOT_YET =
      Map.of(
          "onstart",
          "the onstart text starts Salvor's agent: give your own commands as setup, env_first or"
              + " job, or as args");

  private RunKeys() {}
}
