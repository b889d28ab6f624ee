package dev.salvor.controller.launch;

import java.util.List;

/// A rental cannot be launched as asked: the platform would cut it short, or would keep a secret.
/// Nothing was sent.
public final class LaunchException extends Exception {
  private final List<String> problems;

  public LaunchException(List<String> problems) {
    super("Cannot launch a box: " + String.join("; ", problems) + ".");
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
