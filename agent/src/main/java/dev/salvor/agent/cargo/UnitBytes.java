package dev.salvor.agent.cargo;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.io.IOException;

/// How units are written into the files that carry processes read.
public interface UnitBytes {
  byte[] write(Unit unit);

  byte[] write(UnitId id);

  Unit read(byte[] bytes) throws IOException;
}
