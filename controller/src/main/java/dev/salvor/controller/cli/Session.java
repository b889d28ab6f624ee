package dev.salvor.controller.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.stream.Stream;

/// The surroundings of one command: where it prints, and what it was started in.
///
/// @param out data
/// @param err messages
/// @param terminal whether `out` is a person's terminal
/// @param installation where salvor is installed; empty where its launcher did not say
public record Session(
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Map<String, String> env,
    String home,
    ZoneId zone,
    Path installation) {
  public Session {
    env = Map.copyOf(env);
  }

  /// This process's own.
  public static Session ofProcess() {
    return new Session(
        System.out,
        System.err,
        Stream.ofNullable(System.console()).anyMatch(Console::isTerminal),
        System.getenv(),
        System.getProperty("user.home", "."),
        ZoneId.systemDefault(),
        Path.of(System.getProperty("salvor.home", "")));
  }

  /// Colours and redrawing: on a terminal that can, for a person who has not asked for none.
  boolean ansi() {
    return terminal
        && env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "dumb").equals("dumb");
  }

  /// Redrawing in place: NO_COLOR asks for no colour, not for no display.
  boolean redraws() {
    return terminal
        && env.getOrDefault("CI", "").isEmpty()
        && !env.getOrDefault("TERM", "dumb").equals("dumb");
  }
}
