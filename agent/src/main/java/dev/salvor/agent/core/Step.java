package dev.salvor.agent.core;

import java.util.List;

/// What one event leads to: the state after it, and what to do, in order.
public record Step(AgentState state, List<Action> actions) {
  public Step {
    actions = List.copyOf(actions);
  }
}
