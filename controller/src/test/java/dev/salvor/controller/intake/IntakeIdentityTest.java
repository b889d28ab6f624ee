package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.salvor.controller.ca.Alarm;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.ca.TestRequest;
import dev.salvor.controller.core.Fact;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Close;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.RenewRequest;
import dev.salvor.proto.v1.SelfStopped;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long an identity is believed, over a real socket and real TLS.
final class IntakeIdentityTest {
  @TempDir Path dir;
  private TestIntake intake;

  @BeforeEach
  void start() throws Exception {
    intake = new TestIntake(dir);
  }

  @AfterEach
  void stop() {
    intake.close();
  }

  @Test
  void the_second_box_of_a_copied_disk_shuts_both_out_and_ends_their_streams() throws Exception {
    JoinToken token = intake.mint(1);
    TestRequest key = TestRequest.ofNewKey();
    EnrolReply first = enrol(key, token, 0);
    TestBox original = boxOf(key, first);
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(original.channel()).open(replies).onNext(Frames.hello(1));
    replies.await("welcome", ControllerFrame::hasWelcome);
    long renewed = renew(original, first.getJoinSeq()).getJoinSeq();
    TestBox clone = boxOf(key, enrol(key, token, first.getJoinSeq()));

    assertThatThrownBy(() -> renew(original, renewed))
        .satisfies(e -> assertThat(reason(e)).isEqualTo("quarantined"));

    assertThat(intake.alarms).hasSize(1).first().isInstanceOf(Alarm.Cloned.class);
    intake.server.berths().cut(TestIntake.caller(1), "two boxes");
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(intake.harbour.hungUp()).containsExactly(TestIntake.caller(1));
    for (TestBox box : List.of(original, clone)) {
      var again = new Replies<ControllerFrame>();
      LinkGrpc.newStub(box.channel()).open(again).onNext(Frames.hello(1));
      assertThat(again.awaitEnd()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(again.reason()).isEqualTo("quarantined");
    }
  }

  @Test
  void a_box_whose_certificate_ended_three_days_ago_comes_back_by_its_bound_key() throws Exception {
    JoinToken token = intake.mint(1);
    TestRequest key = TestRequest.ofNewKey();
    EnrolReply first = enrol(key, token, 0);
    TestBox box = boxOf(key, first);
    intake.clock.advance(Duration.ofDays(3));
    var late = new Replies<ControllerFrame>();
    LinkGrpc.newStub(box.channel()).open(late).onNext(Frames.hello(1));
    assertThat(late.awaitEnd()).isEqualTo(Status.Code.UNAUTHENTICATED);

    EnrolReply back = enrol(key, token, first.getJoinSeq());

    assertThat(back.getJoinSeq()).isEqualTo(first.getJoinSeq() + 1);
    assertThat(intake.alarms).isEmpty();
  }

  @Test
  void a_link_ends_before_its_certificate_does_and_a_copy_under_way_does_not() throws Exception {
    TestBox box = intake.box(1);
    var link = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> frames = LinkGrpc.newStub(box.channel()).open(link);
    frames.onNext(Frames.hello(1));
    link.await("welcome", ControllerFrame::hasWelcome);
    var copy = new Replies<CargoDown>();
    StreamObserver<CargoUp> cargo = CargoGrpc.newStub(box.channel()).copyOut(copy);
    cargo.onNext(Frames.roster(Frames.unit(1, 1), Frames.BLOCK));
    copy.await("an answer to the roster", _ -> true);
    intake.clock.advance(Duration.ofMinutes(50));
    frames.onNext(Frames.beat());
    link.await("an answer", ControllerFrame::hasBeatAck);

    intake.clock.advance(Duration.ofMinutes(7));
    frames.onNext(Frames.beat());

    assertThat(link.awaitEnd()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(intake.server.berths().connected(TestIntake.caller(1))).isFalse();
    cargo.onNext(Frames.block(0, 0, new byte[Frames.BLOCK]));
    cargo.onNext(CargoUp.newBuilder().setClose(Close.getDefaultInstance()).build());
    copy.await("the copy's settlement", CargoDown::hasSettled);
  }

  @Test
  void a_box_that_could_not_renew_keeps_its_stream_to_the_end_of_its_certificate() {
    Instant now = Instant.parse("2026-11-21T10:00:00Z");
    Caller caller = TestIntake.caller(1);
    Instant hour = now.plus(Duration.ofHours(1));
    assertThat(Tenure.end(caller, now, hour))
        .isBetween(hour.minus(Duration.ofMinutes(8)), hour.minus(Duration.ofMinutes(4)));
    Instant soon = now.plus(Duration.ofMinutes(3));
    assertThat(Tenure.end(caller, now, soon)).isEqualTo(soon);
  }

  @Test
  void a_clock_that_is_wrong_is_said_in_words() throws Exception {
    Instant behind = intake.clock.instant().minus(Duration.ofMinutes(7)).minusSeconds(1);
    hello(1, behind);
    hello(2, intake.clock.instant().plusSeconds(90));

    assertThat(intake.harbour.facts().stream().filter(Fact.Announced.class::isInstance))
        .singleElement()
        .satisfies(f ->
            assertThat(((Fact.Announced) f).what())
                .isEqualTo(
                    "The clock of the box of rental 1.1 is 7 minutes behind this machine's"));
  }

  @Test
  void a_box_that_stopped_itself_says_when_and_why() throws Exception {
    var replies = new Replies<ControllerFrame>();
    var frames = LinkGrpc.newStub(intake.box(1).channel()).open(replies);
    frames.onNext(Frames.hello(1));
    frames.onNext(
        AgentFrame.newBuilder()
            .setSeq(1)
            .setAtMs(1_700_000_000_000L)
            .setSelfStopped(SelfStopped.newBuilder().setBoot(1).setWhy("nobody\u001b[2J came"))
            .build());
    replies.await("an answer", ControllerFrame::hasEventAck);

    assertThat(intake.harbour.facts())
        .filteredOn(Fact.SelfStopped.class::isInstance)
        .singleElement()
        .satisfies(f -> {
          assertThat(((Fact.SelfStopped) f).then()).isEqualTo("2023-11-14T22:13:20Z");
          assertThat(((Fact.SelfStopped) f).why()).contains("came").doesNotContain("\u001b");
        });
  }

  private void hello(int generation, Instant boxTime) throws Exception {
    var replies = new Replies<ControllerFrame>();
    AgentFrame hello = Frames.hello(1).toBuilder().setAtMs(boxTime.toEpochMilli()).build();
    LinkGrpc.newStub(intake.box(generation).channel()).open(replies).onNext(hello);
    replies.await("welcome", ControllerFrame::hasWelcome);
  }

  private EnrolReply enrol(TestRequest key, JoinToken token, long joinSeq) throws Exception {
    return EnrolmentGrpc.newBlockingStub(intake.stranger().channel())
        .enrol(
            EnrolRequest.newBuilder()
                .setCsrDer(ByteString.copyFrom(key.der()))
                .setJoinToken(token.secret())
                .setRun(TestIntake.RUN.value())
                .setGeneration(1)
                .setJoinSeq(joinSeq)
                .build());
  }

  private TestBox boxOf(TestRequest key, EnrolReply reply) throws Exception {
    List<X509Certificate> chain = IntakeEnrolTest.chain(reply);
    return intake.kept(TestBox.certified(intake.server.port(), intake.authority, key, chain));
  }

  private static EnrolReply renew(TestBox box, long joinSeq) {
    return EnrolmentGrpc.newBlockingStub(box.channel())
        .renew(
            RenewRequest.newBuilder()
                .setCsrDer(ByteString.copyFrom(TestRequest.ofNewKey().der()))
                .setJoinSeq(joinSeq)
                .build());
  }

  private static String reason(Throwable e) {
    return String.valueOf(
        Objects.requireNonNull(((StatusRuntimeException) e).getTrailers()).get(CallerGate.REASON));
  }
}
