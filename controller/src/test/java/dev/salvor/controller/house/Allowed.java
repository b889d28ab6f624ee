package dev.salvor.controller.house;

import java.util.List;

/// An exception from a rule for one file, with the reason that makes it better than the rule.
record Allowed(String file, Rule rule, String reason) {
  /// Every exception of the house. An entry that is no longer needed fails the build.
  static final List<Allowed> LIST =
      List.of(
          new Allowed(
              "docs/examples/char-lm/CharLm.java",
              Rule.FILE_LENGTH,
              "One file is the point: a user copies it to a box and runs it with 'java"
                  + " CharLm.java'."),
          bench("e2e/DetectMain"),
          bench("fleet/Boxes"),
          bench("fleet/Controller"),
          bench("fleet/FleetMain"));

  private static Allowed bench(String file) {
    return new Allowed(
        "controller/src/test/java/dev/salvor/controller/" + file + ".java",
        Rule.SLEEP,
        "A program that measures, no test: it waits for time to pass, which is what it measures.");
  }

  Allowed {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("An exception needs a reason: " + file + " " + rule);
    }
  }

  boolean covers(Finding finding) {
    return finding.file().equals(file) && finding.rule() == rule;
  }

  /// What no entry excuses.
  static List<Finding> remaining(List<Finding> findings, List<Allowed> list) {
    return findings.stream()
        .filter(finding -> list.stream().noneMatch(entry -> entry.covers(finding)))
        .toList();
  }

  /// Entries that excuse nothing.
  static List<Allowed> unused(List<Finding> findings, List<Allowed> list) {
    return list.stream().filter(entry -> findings.stream().noneMatch(entry::covers)).toList();
  }
}
