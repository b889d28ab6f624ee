package dev.salvor.controller.cli;

import picocli.CommandLine.Option;

/// `--help`, everywhere.
final class Help {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  boolean asked;
}
