package dev.salvor.controller.intake;

import com.google.protobuf.ByteString;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Beat;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Hello;
import dev.salvor.proto.v1.JobStarted;
import dev.salvor.proto.v1.Progress;
import dev.salvor.proto.v1.Roster;
import java.time.Instant;
import java.util.List;

/// Frames that boxes send.
final class Frames {
  static final int BLOCK = 1 << 16;

  private Frames() {}

  static AgentFrame hello(int boot) {
    return AgentFrame.newBuilder()
        .setHello(Hello.newBuilder().setBoot(boot).setBootId("boot-" + boot).setJobRunning(true))
        .build();
  }

  static AgentFrame beat() {
    return AgentFrame.newBuilder()
        .setBeat(
            Beat.newBuilder()
                .setProgress(
                    Progress.newBuilder()
                        .setStep(40)
                        .setTotalSteps(100)
                        .setLoss(0.5)
                        .setHasLoss(true)
                        .setJobRunning(true)
                        .setLastLine("step 40\u001b[2J")))
        .build();
  }

  static AgentFrame started(long seq) {
    return AgentFrame.newBuilder()
        .setSeq(seq)
        .setJobStarted(JobStarted.newBuilder().setBoot(1))
        .build();
  }

  static AgentFrame seen(long seq, Unit unit) {
    return AgentFrame.newBuilder().setSeq(seq).setUnitSeen(UnitWire.write(unit)).build();
  }

  /// A unit of one file of so many blocks of zeroes.
  static Unit unit(int generation, int blocks) {
    Sha256 digest = Sha256.of(new byte[1]);
    var manifest =
        new Manifest("/work/ckpt", List.of(new FileEntry("m.pt", (long) blocks * BLOCK, digest)));
    return new Unit(
        new UnitId(generation, 1, 1, manifest.digest()),
        UnitKind.CHECKPOINT,
        "pytorch",
        40,
        Completeness.COMMITTED,
        manifest,
        Instant.ofEpochMilli(5));
  }

  static CargoUp roster(Unit unit, int blockSize) {
    return CargoUp.newBuilder()
        .setRoster(Roster.newBuilder().setUnit(UnitWire.write(unit)).setBlockSize(blockSize))
        .build();
  }

  static CargoUp block(int file, long index, byte[] data) {
    return CargoUp.newBuilder()
        .setBlock(
            Block.newBuilder().setFile(file).setIndex(index).setData(ByteString.copyFrom(data)))
        .build();
  }
}
