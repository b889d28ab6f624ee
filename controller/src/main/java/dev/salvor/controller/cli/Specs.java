package dev.salvor.controller.cli;

import dev.salvor.controller.core.RunSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what is asked for in a file, and shows what would come of a spec. It asks nobody and
/// changes nothing.
public interface Specs {

  /// A run.yaml; fails only where the file itself cannot be read.
  Reading read(Path file, Session session) throws Failure;

  /// Every request and command that a run of this spec would send, danger clocks first.
  List<String> dryRun(RunSpec spec, DryRunOptions options, Session session) throws Failure;

  /// What the platform would be given to start this spec's box with.
  Start start(RunSpec spec, Session session) throws Failure;

  /// Refuses what would bring the platform's own key onto a box, by whatever name.
  ///
  /// @param secrets what the job would get, by name
  void refuseKey(RunSpec spec, Map<String, String> secrets, Session session) throws Failure;

  /// Looks at what a start would run: its length, its secrets, its shell.
  List<Look> check(RunSpec spec, Session session) throws Failure;

  /// One look at a start.
  ///
  /// @param absent what looks is not on this machine: nobody looked
  record Look(String what, boolean good, boolean absent, List<String> words) {}

  /// What was found in a file.
  ///
  /// @param spec empty where there is a problem
  /// @param secrets what its env_file holds, for the job alone; the spec names them
  /// @param problems each with file and line
  record Reading(
      Optional<RunSpec> spec,
      Map<String, String> secrets,
      List<String> problems,
      List<String> warnings) {
    public Reading {
      secrets = Map.copyOf(secrets);
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }

    @Override
    public String toString() {
      return "Reading[problems=%s, secrets=***]".formatted(problems);
    }
  }

  /// What the verb itself will do beside the spec.
  ///
  /// @param results the directory that the newest results are brought to; "" for none
  record DryRunOptions(String results) {}

  /// A start of a box, with what is secret in it masked.
  ///
  /// @param onstart the text, as sent
  /// @param how what the platform does with the text
  /// @param env names and values, those of secrets masked
  /// @param steps what the agent runs before the job, each with when, then the job
  record Start(String onstart, String how, Map<String, String> env, List<Step> steps) {}

  /// A command on the box, and when it is run.
  record Step(String when, String command) {}
}
