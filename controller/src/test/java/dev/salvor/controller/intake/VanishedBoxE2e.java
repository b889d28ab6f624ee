package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.LinkGrpc;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box that goes without a word: its connection is asked, does not answer, and is hung up.
final class VanishedBoxE2e {
  /// gRPC asks no sooner.
  private static final IntakeServer.Keepalive QUICK =
      new IntakeServer.Keepalive(Duration.ofSeconds(10), Duration.ofMillis(300));

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Test
  void silence_that_answers_is_kept_and_silence_that_does_not_is_hung_up(@TempDir Path dir)
      throws Exception {
    try (TestIntake intake = new TestIntake(dir, QUICK);
        MutedLine lost = new MutedLine(intake.server.port());
        MutedLine quiet = new MutedLine(intake.server.port())) {
      open(intake.boxBehind(lost.port(), 1));
      open(intake.boxBehind(quiet.port(), 2));
      assertThat(intake.harbour.hungUp()).isEmpty();
      lost.mute();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (intake.harbour.hungUp().isEmpty() && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      assertThat(intake.harbour.hungUp()).containsExactly(TestIntake.caller(1));
    }
  }

  private static void open(TestBox box) throws Exception {
    var replies = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> link = LinkGrpc.newStub(box.channel()).open(replies);
    link.onNext(Frames.hello(1));
    replies.await("welcome", ControllerFrame::hasWelcome);
  }
}
