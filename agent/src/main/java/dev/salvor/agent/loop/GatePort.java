package dev.salvor.agent.loop;

import dev.salvor.agent.core.Action;

/// The check of the box before its job. Answers by an event, in bounded time; never blocks the
/// caller.
@FunctionalInterface
public interface GatePort {
  void check(Action.RunGate gate);
}
