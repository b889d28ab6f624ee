package dev.salvor.controller.sandbox.box;

import java.util.List;
import java.util.Map;

/// What a box is to run: its environment, and either its onstart text or, where `argv` is not
/// empty, one command.
public record BoxOrder(long id, Map<String, String> env, String onstart, List<String> argv) {
  public BoxOrder {
    env = Map.copyOf(env);
    argv = List.copyOf(argv);
  }
}
