package dev.salvor.agent.main;

import dev.salvor.agent.cargo.UnitBytes;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.io.IOException;

/// Units in files as they are on the wire.
record WireUnits() implements UnitBytes {
  @Override
  public byte[] write(Unit unit) {
    return FrameCodec.unit(unit);
  }

  @Override
  public byte[] write(UnitId id) {
    return FrameCodec.unitId(id);
  }

  @Override
  public Unit read(byte[] bytes) throws IOException {
    return FrameCodec.readUnit(bytes);
  }
}
