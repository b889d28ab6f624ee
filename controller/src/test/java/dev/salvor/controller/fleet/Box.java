package dev.salvor.controller.fleet;

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
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.Hello;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.Progress;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// One simulated agent: says hello, beats, and reports one checkpoint.
final class Box implements StreamObserver<ControllerFrame>, AutoCloseable {
  private static final AgentFrame BEAT =
      AgentFrame.newBuilder()
          .setBeat(
              Beat.newBuilder()
                  .setProgress(
                      Progress.newBuilder()
                          .setStep(40)
                          .setTotalSteps(100)
                          .setJobRunning(true)
                          .setLastLine("step 40/100 loss 0.5")))
          .build();

  private final int number;
  private final ManagedChannel channel;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong orders = new AtomicLong();
  private volatile long said;
  private volatile double tookMs = -1;
  private volatile boolean lost;
  private volatile boolean closing;
  private StreamObserver<AgentFrame> line = new Nobody();

  Box(int number, ManagedChannel channel) {
    this.number = number;
    this.channel = channel;
  }

  /// Before it has a line.
  private static final class Nobody implements StreamObserver<AgentFrame> {
    @Override
    public void onNext(AgentFrame frame) {}

    @Override
    public void onError(Throwable why) {}

    @Override
    public void onCompleted() {}
  }

  synchronized void open() {
    line = LinkGrpc.newStub(channel).open(this);
    line.onNext(
        AgentFrame.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setBoot(1)
                    .setBootId("boot-" + number)
                    .setJobRunning(true)
                    .setProceeded(true))
            .build());
  }

  synchronized void beat() {
    if (!lost) {
      line.onNext(BEAT);
    }
  }

  synchronized void say() {
    if (!lost) {
      said = System.nanoTime();
      line.onNext(
          AgentFrame.newBuilder().setSeq(1).setUnitSeen(UnitWire.write(checkpoint())).build());
    }
  }

  private Unit checkpoint() {
    Sha256 digest = Sha256.of(("model of " + number).getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest("/work/step-40", java.util.List.of(new FileEntry("m.pt", 1 << 20, digest)));
    return new Unit(
        new UnitId(1, 1, 1, manifest.digest()),
        UnitKind.CHECKPOINT,
        "pytorch",
        40,
        Completeness.COMMITTED,
        manifest,
        Instant.now());
  }

  @Override
  public void onNext(ControllerFrame frame) {
    if (frame.hasBeatAck()) {
      answered.incrementAndGet();
    } else if (frame.hasOrder()) {
      orders.incrementAndGet();
    } else if (frame.hasEventAck() && said != 0 && tookMs < 0) {
      tookMs = (System.nanoTime() - said) / 1e6;
    }
  }

  @Override
  public void onError(Throwable why) {
    if (!closing) {
      lost = true;
      System.err.println("agent " + number + ": " + why.getMessage());
    }
  }

  @Override
  public void onCompleted() {
    lost = !closing;
  }

  long answered() {
    return answered.get();
  }

  long orders() {
    return orders.get();
  }

  boolean lost() {
    return lost;
  }

  double tookMs() {
    return tookMs;
  }

  @Override
  public void close() {
    closing = true;
    channel.shutdownNow();
  }
}
