package dev.salvor.agent.loop;

import java.io.IOException;

/// The platform as far as this box may speak to it. Answers by events, never blocks the caller.
@FunctionalInterface
public interface PlatformPort {
  /// An IOException is a disk that cannot hold what must be written down before.
  void stopRental() throws IOException;
}
