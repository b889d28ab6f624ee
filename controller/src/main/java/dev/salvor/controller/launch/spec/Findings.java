package dev.salvor.controller.launch.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is wrong in a file, and what its user should think twice about, by line.
final class Findings {
  private final String file;
  private final List<Finding> problems = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();

  Findings(String file) {
    this.file = file;
  }

  /// One of them; lines count from 1.
  private record Finding(int line, String text) {}

  void problem(int line, String text) {
    problems.add(new Finding(line, text));
  }

  void warning(int line, String text) {
    warnings.add(new Finding(line, text));
  }

  boolean none() {
    return problems.isEmpty();
  }

  /// "run.yaml:12: ...", from the top of the file to its end.
  List<String> problems() {
    return told(problems);
  }

  List<String> warnings() {
    return told(warnings);
  }

  private List<String> told(List<Finding> findings) {
    return findings.stream()
        .sorted(Comparator.comparingInt(Finding::line))
        .map(f -> "%s:%d: %s".formatted(file, f.line(), f.text()))
        .distinct()
        .toList();
  }
}
