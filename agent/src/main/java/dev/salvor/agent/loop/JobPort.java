package dev.salvor.agent.loop;

import dev.salvor.agent.core.Action;

/// The shim around the job. Takes actions in order, answers by events, never blocks the caller.
@FunctionalInterface
public interface JobPort {
  void act(Action.ForJob action);
}
