package dev.salvor.agent.loop;

import dev.salvor.agent.core.Action;

/// The workers that look for cargo and move it. Answers by events, never blocks the caller.
@FunctionalInterface
public interface CargoPort {
  void act(Action.ForCargo action);
}
