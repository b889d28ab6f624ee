package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.RestoreDown;
import dev.salvor.proto.v1.RestoreRequest;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// Cargo off the boxes and back onto them: one copy of a unit at a time, the newest wins.
final class CargoService extends CargoGrpc.CargoImplBase {
  private final CargoDesk desk;
  private final Map<CopyKey, CopyOutCall> copies = new ConcurrentHashMap<>();

  CargoService(CargoDesk desk) {
    this.desk = desk;
  }

  /// The service of the wire, its blocks left where the line has them.
  ServerServiceDefinition definition() {
    String restore = CargoGrpc.getRestoreMethod().getFullMethodName();
    return ServerServiceDefinition.builder(CargoGrpc.SERVICE_NAME)
        .addMethod(LineMemory.copyOut(), ServerCalls.asyncBidiStreamingCall(this::copy))
        .addMethod(Objects.requireNonNull(bindService().getMethod(restore)))
        .build();
  }

  private StreamObserver<LineMemory> copy(StreamObserver<CargoDown> responses) {
    var out = (ServerCallStreamObserver<CargoDown>) responses;
    return new CopyOutCall(this, CallerGate.caller(), out);
  }

  @Override
  public void restore(RestoreRequest request, StreamObserver<RestoreDown> responses) {
    var out = (ServerCallStreamObserver<RestoreDown>) responses;
    Caller caller = CallerGate.caller();
    try {
      UnitId unit = FrameReader.known(caller, request.getUnit());
      new RestoreCall(desk.restore(caller, unit), out).begin();
    } catch (IllegalArgumentException e) {
      out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (DeskException e) {
      out.onError(status(e).asRuntimeException());
    }
  }

  CargoDesk desk() {
    return desk;
  }

  /// Ends the copy of the same unit that a broken line left behind, before the new one begins.
  void begin(Caller caller, UnitId unit, CopyOutCall call) {
    CopyOutCall before = copies.put(new CopyKey(caller, unit), call);
    if (before != null) {
      before.giveWay();
    }
  }

  void end(Caller caller, UnitId unit, CopyOutCall call) {
    copies.remove(new CopyKey(caller, unit), call);
  }

  static Status status(DeskException e) {
    Status status =
        switch (e.kind()) {
          case REFUSED -> Status.FAILED_PRECONDITION;
          case MISSING -> Status.NOT_FOUND;
          case BROKEN -> Status.UNAVAILABLE;
        };
    return status.withDescription(e.getMessage()).withCause(e);
  }

  /// What one box may copy once at a time.
  private record CopyKey(Caller caller, UnitId unit) {}
}
