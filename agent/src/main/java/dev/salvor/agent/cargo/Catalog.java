package dev.salvor.agent.cargo;

import dev.salvor.common.checkpoint.Unit;
import java.io.IOException;
import java.util.List;

/// What finds cargo on the box's disk. Called from one thread. Capture sequences rise within a boot
/// and survive a restart of the agent.
public interface Catalog {
  /// Complete units not told before by this object; cheap.
  List<Unit> rescan() throws IOException;

  /// After the job has ended: everything complete that was not told before, results included.
  List<Unit> settle() throws IOException;
}
