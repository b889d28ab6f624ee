package dev.salvor.agent.link;

import java.io.IOException;
import java.util.Optional;

/// The spool as the link reads it.
@FunctionalInterface
public interface ReportSource {
  /// The first report after that number that the controller does not have.
  Optional<Spooled> after(long seq) throws IOException;

  /// A report as it was spooled.
  record Spooled(long seq, byte[] frame) {}
}
