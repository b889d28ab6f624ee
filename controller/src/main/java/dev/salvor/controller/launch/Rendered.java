package dev.salvor.controller.launch;

import java.util.Map;
import java.util.TreeSet;

/// What goes to the platform with a rental. Its environment holds a token, so it prints names only.
public record Rendered(String onstart, Map<String, String> env) {
  public Rendered {
    env = Map.copyOf(env);
  }

  @Override
  public String toString() {
    return "onstart of %d characters, environment %s"
        .formatted(onstart.length(), new TreeSet<>(env.keySet()));
  }
}
