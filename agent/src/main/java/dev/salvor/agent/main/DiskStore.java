package dev.salvor.agent.main;

import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.loop.Store;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.Spool;
import java.io.IOException;

/// What the loop writes down, in the agent's home.
record DiskStore(MemoryFile memory, Spool spool) implements Store {
  @Override
  public void save(Memory now) throws IOException {
    memory.save(now);
  }

  @Override
  public void spool(long seq, long atMs, Report report) throws IOException {
    spool.append(seq, FrameCodec.write(seq, atMs, report));
  }

  @Override
  public void trim(long seq) throws IOException {
    spool.trim(seq);
  }
}
