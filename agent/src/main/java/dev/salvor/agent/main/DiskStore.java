package dev.salvor.agent.main;

import dev.salvor.agent.core.Memory;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.loop.Store;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.PatientStore;
import java.io.IOException;

/// What the loop writes down, in the agent's home.
record DiskStore(MemoryFile memory, PatientStore store) implements Store {
  @Override
  public void save(Memory now) {
    store.save(() -> memory.save(now));
  }

  @Override
  public void spool(long seq, long atMs, Report report) throws IOException {
    store.spool(seq, FrameCodec.write(seq, atMs, report));
  }

  @Override
  public void trim(long seq) {
    store.trim(seq);
  }
}
