package dev.salvor.controller.intake;

import dev.salvor.proto.v1.BeatAck;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.EventAck;
import dev.salvor.proto.v1.LogWanted;
import dev.salvor.proto.v1.Order;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/// The way to one box: writes whole frames from any thread, never blocks, and keeps at most one
/// answer of each kind for a box that reads slowly.
final class LinkStream {
  private final ServerCallStreamObserver<ControllerFrame> out;
  private final int boot;
  private boolean closed;
  private boolean paused;
  private long ackWritten;
  private long ackWanted;
  private BeatAck beatWanted = BeatAck.getDefaultInstance();

  LinkStream(ServerCallStreamObserver<ControllerFrame> out, int boot, long acked) {
    this.out = out;
    this.boot = boot;
    this.ackWritten = acked;
    this.ackWanted = acked;
  }

  int boot() {
    return boot;
  }

  /// Writes an order, now or not at all.
  ///
  /// @return whether it was written; false when the box reads too slowly or is gone
  boolean order(Order order) {
    return now(ControllerFrame.newBuilder().setOrder(order).build());
  }

  /// Asks for the job's log, now or not at all.
  boolean want(LogWanted log) {
    return now(ControllerFrame.newBuilder().setLogWanted(log).build());
  }

  private synchronized boolean now(ControllerFrame frame) {
    if (closed || out.isCancelled() || !out.isReady()) {
      return false;
    }
    out.onNext(frame);
    return true;
  }

  /// Tells the box that it may forget its events up to here.
  synchronized void acknowledge(long seq) {
    ackWanted = Math.max(ackWanted, seq);
    flush();
  }

  /// As `acknowledge`, also where this stream said so before: the box sent it again.
  synchronized void acknowledgeAgain(long seq) {
    ackWritten = Math.min(ackWritten, seq - 1);
    acknowledge(seq);
  }

  synchronized void answerBeat(BeatAck answer) {
    beatWanted = answer;
    flush();
  }

  /// Writes what waits, if the box takes it.
  synchronized void flush() {
    if (closed || out.isCancelled() || !out.isReady()) {
      return;
    }
    if (ackWanted > ackWritten) {
      ackWritten = ackWanted;
      out.onNext(
          ControllerFrame.newBuilder()
              .setEventAck(EventAck.newBuilder().setSeq(ackWanted))
              .build());
    }
    if (beatWanted.getControllerTimeMs() != 0) {
      out.onNext(ControllerFrame.newBuilder().setBeatAck(beatWanted).build());
      beatWanted = BeatAck.getDefaultInstance();
    }
  }

  synchronized void write(ControllerFrame frame) {
    if (!closed && !out.isCancelled()) {
      out.onNext(frame);
    }
  }

  /// Asks the box for one more frame, or leaves it waiting while the journal is behind.
  synchronized void next(boolean mayCome) {
    paused = !mayCome;
    if (mayCome && !closed) {
      out.request(1);
    }
  }

  /// The journal caught up: goes on if the box was left waiting.
  synchronized void resume() {
    if (paused) {
      next(true);
    }
  }

  synchronized void end() {
    if (!closed) {
      closed = true;
      out.onCompleted();
    }
  }

  synchronized void end(Status status) {
    if (!closed) {
      closed = true;
      out.onError(status.asRuntimeException());
    }
  }

  /// The call is over already: nothing more can be written.
  synchronized void lost() {
    closed = true;
  }
}
