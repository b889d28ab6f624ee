package dev.salvor.agent.carry;

import com.google.protobuf.ByteString;
import dev.salvor.common.checkpoint.BlockPrint;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Held;
import dev.salvor.proto.v1.HeldBlock;
import dev.salvor.proto.v1.RestoreDown;
import dev.salvor.proto.v1.RestoreRequest;
import dev.salvor.proto.v1.Settled;
import dev.salvor.proto.v1.Unit;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A cargo service that keeps blocks in memory, and can be told to break off, to refuse, or to lie.
final class FakeCargo extends CargoGrpc.CargoImplBase {
  /// A block's place as "file/index", sorted.
  final Map<String, Block> blocks = new ConcurrentSkipListMap<>();

  final AtomicInteger received = new AtomicInteger();
  final AtomicInteger calls = new AtomicInteger();
  volatile int breakOffAfter = Integer.MAX_VALUE;
  volatile String refusal = "";
  volatile boolean flipBits;
  volatile Optional<Unit> unit = Optional.empty();

  static String place(int file, long index) {
    return "%06d/%012d".formatted(file, index);
  }

  @Override
  public StreamObserver<CargoUp> copyOut(StreamObserver<CargoDown> responses) {
    calls.incrementAndGet();
    return new Receiving(responses);
  }

  private final class Receiving implements StreamObserver<CargoUp> {
    private final StreamObserver<CargoDown> responses;

    Receiving(StreamObserver<CargoDown> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(CargoUp up) {
      switch (up.getBodyCase()) {
        case ROSTER -> {
          unit = Optional.of(up.getRoster().getUnit());
          responses.onNext(CargoDown.newBuilder().setHeld(held()).build());
        }
        case BLOCK -> take(up.getBlock());
        case CLOSE -> settle(refusal.isEmpty() ? otherBytes() : refusal);
        case ASK, PUT, BODY_NOT_SET -> throw new IllegalArgumentException("Not of blocks: " + up);
      }
    }

    private void take(Block block) {
      if (received.incrementAndGet() > breakOffAfter) {
        breakOffAfter = Integer.MAX_VALUE;
        responses.onError(Status.UNAVAILABLE.withDescription("broken off").asException());
        return;
      }
      blocks.put(place(block.getFile(), block.getIndex()), block);
    }

    private void settle(String why) {
      responses.onNext(
          CargoDown.newBuilder()
              .setSettled(Settled.newBuilder().setReceipted(why.isEmpty()).setWhy(why))
              .build());
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {
      responses.onCompleted();
    }
  }

  /// The files that do not hash to what the roster names.
  private String otherBytes() {
    StringBuilder why = new StringBuilder();
    for (int file = 0; file < unit.orElseThrow().getManifest().getFilesCount(); file++) {
      ByteString bytes = ByteString.EMPTY;
      for (var block : blocks.values()) {
        bytes = block.getFile() == file ? bytes.concat(block.getData()) : bytes;
      }
      FileEntry entry = UnitWire.read(unit.orElseThrow().getManifest().getFiles(file));
      if (!Sha256.of(bytes.toByteArray()).equals(entry.digest())) {
        why.append(entry.path()).append(" has other bytes than when it was found");
      }
    }
    return why.toString();
  }

  private Held held() {
    List<HeldBlock> held = new ArrayList<>();
    for (Block block : blocks.values()) {
      held.add(
          HeldBlock.newBuilder()
              .setFile(block.getFile())
              .setIndex(block.getIndex())
              .setPrint(BlockPrint.of(block.getData().asReadOnlyByteBuffer()))
              .build());
    }
    return Held.newBuilder().addAllBlocks(held).build();
  }

  @Override
  public void restore(RestoreRequest request, StreamObserver<RestoreDown> responses) {
    Unit kept = unit.orElseThrow();
    responses.onNext(RestoreDown.newBuilder().setUnit(kept).build());
    for (String place : blocks.keySet()) {
      Block block = Objects.requireNonNull(blocks.get(place));
      if (flipBits) {
        byte[] data = block.getData().toByteArray();
        data[0] ^= 1;
        block = block.toBuilder().setData(ByteString.copyFrom(data)).build();
      }
      responses.onNext(RestoreDown.newBuilder().setBlock(block).build());
    }
    responses.onCompleted();
  }
}
