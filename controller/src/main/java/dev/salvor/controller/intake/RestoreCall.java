package dev.salvor.controller.intake;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.intake.CargoDesk.CargoBlock;
import dev.salvor.controller.intake.CargoDesk.Restoring;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.RestoreDown;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;

/// One restore: the unit, then its blocks, read from the desk only as fast as the box takes them.
/// gRPC calls it on one thread at a time.
final class RestoreCall {
  private final Restoring cargo;
  private final ServerCallStreamObserver<RestoreDown> out;
  private boolean over;

  RestoreCall(Restoring cargo, ServerCallStreamObserver<RestoreDown> out) {
    this.cargo = cargo;
    this.out = out;
  }

  /// Within the service's method: gRPC takes handlers no later.
  void begin() {
    out.setOnCancelHandler(this::close);
    out.setOnReadyHandler(this::pump);
    out.onNext(RestoreDown.newBuilder().setUnit(UnitWire.write(cargo.unit())).build());
  }

  private void pump() {
    try {
      while (!over && out.isReady()) {
        step(cargo.next());
      }
    } catch (DeskException e) {
      close();
      out.onError(CargoService.status(e).asRuntimeException());
    }
  }

  private void step(Optional<CargoBlock> next) {
    if (next.isPresent()) {
      out.onNext(RestoreDown.newBuilder().setBlock(block(next.get())).build());
      return;
    }
    close();
    out.onCompleted();
  }

  private static Block block(CargoBlock block) {
    return Block.newBuilder()
        .setFile(block.file())
        .setIndex(block.index())
        .setData(
            ByteString.copyFrom(
                block.data().stream().map(UnsafeByteOperations::unsafeWrap).toList()))
        .build();
  }

  private void close() {
    if (!over) {
      over = true;
      cargo.close();
    }
  }
}
