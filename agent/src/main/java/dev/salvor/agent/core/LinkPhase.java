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
  ///
  /// @param dialled how it came about: one that breaks at once is one more failure
  record Up(long heardAt, long beatAt, long ttlMs, Dialled dialled) implements LinkPhase {
    /// A stream that carried so long is no failure, whatever ends it.
    static final long HOLDS_MS = 10_000;

    @Override
    public int failures() {
      return heardAt - dialled.at() < HOLDS_MS ? dialled.failures() : 0;
    }
  }

  /// When the controller answered, and how often it had not before.
  record Dialled(long at, int failures) {}
}
