package dev.salvor.controller.sandbox.box;

import java.util.List;
import java.util.Map;

/// What a box is to run: its environment, and either its onstart text or, where `argv` is not
/// empty, one command; and at which paths it has which volumes.
///
/// @param programs by their place below the box's /root: what the host's runtime puts into it
public record BoxOrder(
    long id,
    Map<String, String> env,
    String onstart,
    List<String> argv,
    Map<Long, String> volumes,
    Map<String, String> programs) {
  public BoxOrder(
      long id,
      Map<String, String> env,
      String onstart,
      List<String> argv,
      Map<Long, String> volumes) {
    this(id, env, onstart, argv, volumes, Map.of());
  }

  public BoxOrder {
    volumes = Map.copyOf(volumes);
    programs = Map.copyOf(programs);
    env = Map.copyOf(env);
    argv = List.copyOf(argv);
  }
}
