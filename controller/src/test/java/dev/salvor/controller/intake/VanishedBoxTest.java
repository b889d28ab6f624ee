package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.LinkGrpc;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A box that goes without a word: its connection is asked, does not answer, and is hung up.
final class VanishedBoxTest {
  private static final IntakeServer.Keepalive QUICK =
      new IntakeServer.Keepalive(Duration.ofMillis(300), Duration.ofMillis(300));

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
      TestIntake.await("it is hung up", () -> !intake.harbour.hungUp().isEmpty());
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
