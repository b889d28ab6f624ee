package dev.salvor.agent.loop;

/// The probes. Answers by an event, never blocks the caller.
@FunctionalInterface
public interface ProbePort {
  void takeReadings();
}
