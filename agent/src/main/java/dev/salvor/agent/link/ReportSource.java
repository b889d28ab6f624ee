package dev.salvor.agent.link;

import java.io.IOException;
import java.util.Optional;

/// The spool as the link reads it.
@FunctionalInterface
public interface ReportSource {
  /// The first report after that number that the controller does not have, as a whole frame.
  Optional<byte[]> after(long seq) throws IOException;
}
