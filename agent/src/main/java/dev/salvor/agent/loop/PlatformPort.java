package dev.salvor.agent.loop;

/// The platform as far as this box may speak to it. Answers by events, never blocks the caller.
@FunctionalInterface
public interface PlatformPort {
  void stopRental();
}
