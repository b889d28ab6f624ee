package dev.salvor.agent.core;

/// Where the agent stands with its controller. Times are of the monotonic clock.
public sealed interface LinkPhase {
  /// How often dialling failed in a row.
  int failures();

  /// No stream; the next dial is due then.
  record Down(long dialAt, int failures) implements LinkPhase {}

  /// A dial is under way since then.
  record Dialling(long since, int failures) implements LinkPhase {}

  /// The controller said welcome.
  record Up(long heardAt, long beatAt, long ttlMs) implements LinkPhase {
    @Override
    public int failures() {
      return 0;
    }
  }
}
