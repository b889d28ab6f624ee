package dev.salvor.controller.sandbox.box;

import java.util.List;
import java.util.Map;

/// What a box is to run: its environment, and either its onstart text or, where `argv` is not
/// empty, one command; and at which paths it has which volumes.
public record BoxOrder(
    long id,
    Map<String, String> env,
    String onstart,
    List<String> argv,
    Map<Long, String> volumes) {
  public BoxOrder {
    volumes = Map.copyOf(volumes);
    env = Map.copyOf(env);
    argv = List.copyOf(argv);
  }
}
