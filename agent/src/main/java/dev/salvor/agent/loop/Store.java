package dev.salvor.agent.loop;

import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Report;
import java.io.IOException;

/// What the loop writes down. Each call is durable when it returns.
public interface Store {
  void save(Memory memory) throws IOException;

  void spool(long seq, long atMs, Report report) throws IOException;

  void trim(long seq) throws IOException;

  /// Whether there is no more room for reports of units.
  boolean isFull();
}
