package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.ca.Alarm;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.ca.TestRequest;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.RenewRequest;
import dev.salvor.proto.v1.RestoreRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets in, over a real socket and real TLS.
final class IntakeEnrolTest {
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
  void a_box_enrols_and_speaks_as_whom_the_token_was_for() throws Exception {
    TestRequest key = TestRequest.ofNewKey();
    EnrolReply reply = intake.stranger().enrol(key, intake.mint(2).secret(), 2);
    assertThat(reply.getControllerTimeMs()).isEqualTo(intake.clock.instant().toEpochMilli());
    List<X509Certificate> chain = chain(reply);
    assertThat(chain.getLast()).isEqualTo(intake.authority.certificate());
    TestBox box =
        intake.kept(TestBox.certified(intake.server.port(), intake.authority, key, chain));
    var replies = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> link = LinkGrpc.newStub(box.channel()).open(replies);
    link.onNext(Frames.hello(1));
    replies.await("welcome", ControllerFrame::hasWelcome);
    assertThat(intake.harbour.heardFacts().getFirst().caller()).isEqualTo(TestIntake.caller(2));
  }

  @Test
  void the_same_key_enrols_twice_and_another_key_never() throws Exception {
    JoinToken token = intake.mint(1);
    TestBox box = intake.stranger();
    TestRequest key = TestRequest.ofNewKey();
    box.enrol(key, token.secret(), 1);
    assertThat(chain(box.enrol(key, token.secret(), 1))).hasSize(2);
    TestRequest thief = TestRequest.ofNewKey();
    assertRefused("token_used", () -> box.enrol(thief, token.secret(), 1));
    assertThat(intake.alarms).singleElement().isInstanceOf(Alarm.Reused.class);
  }

  @Test
  void each_refusal_says_its_reason() throws Exception {
    TestBox box = intake.stranger();
    TestRequest key = TestRequest.ofNewKey();
    assertRefused("token_unknown", () -> box.enrol(key, "f".repeat(32), 1));
    JoinToken token = intake.mint(1);
    assertRefused("token_unknown", () -> box.enrol(key, token.secret(), 2));
    intake.unlisted.add(TestIntake.identity(1));
    assertRefused("not_listed", () -> box.enrol(key, token.secret(), 1));
    intake.unlisted.clear();
    intake.clock.advance(Duration.ofMinutes(16));
    assertRefused("token_expired", () -> box.enrol(key, token.secret(), 1));
    intake.tokens.arm(TestIntake.identity(1));
    assertThat(box.enrol(key, token.secret(), 1).getChainDerCount()).isEqualTo(2);
  }

  @Test
  void enrolments_from_one_address_are_limited() throws Exception {
    TestBox box = intake.stranger();
    TestRequest key = TestRequest.ofNewKey();
    List<Status.Code> codes = new ArrayList<>();
    for (int i = 0; i < 41; i++) {
      try {
        box.enrol(key, "f".repeat(32), 1);
      } catch (StatusRuntimeException e) {
        codes.add(e.getStatus().getCode());
      }
    }
    assertThat(codes.subList(0, 40)).containsOnly(Status.Code.PERMISSION_DENIED);
    assertThat(codes.getLast()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    intake.clock.advance(Duration.ofSeconds(1));
    assertRefused("token_unknown", () -> box.enrol(key, "f".repeat(32), 1));
  }

  @Test
  void an_agent_that_pins_another_authority_does_not_talk() throws Exception {
    var other = CertificateAuthority.open(dir.resolve("other"), "home", intake.clock);
    TestBox box = intake.kept(TestBox.stranger(intake.server.port(), other));
    JoinToken token = intake.mint(1);
    assertThatThrownBy(() -> box.enrol(TestRequest.ofNewKey(), token.secret(), 1))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  @Test
  void without_a_certificate_everything_but_enrolment_is_refused() throws Exception {
    TestBox stranger = intake.stranger();
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(stranger.channel()).open(replies).onNext(Frames.hello(1));
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertCode(
        Status.Code.UNAUTHENTICATED,
        () ->
            CargoGrpc.newBlockingStub(stranger.channel())
                .restore(RestoreRequest.getDefaultInstance())
                .hasNext());
    assertCode(
        Status.Code.UNAUTHENTICATED,
        () ->
            EnrolmentGrpc.newBlockingStub(stranger.channel())
                .renew(RenewRequest.getDefaultInstance()));
    assertThat(intake.harbour.facts()).isEmpty();
  }

  @Test
  void a_certificate_of_another_authority_ends_the_handshake() throws Exception {
    var other = CertificateAuthority.open(dir.resolve("other"), "home", intake.clock);
    TestRequest key = TestRequest.ofNewKey();
    var chain =
        other.issue(
            dev.salvor.controller.ca.CertificateRequest.read(key.der()), TestIntake.identity(1));
    TestBox box =
        intake.kept(TestBox.certified(intake.server.port(), intake.authority, key, chain));
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(box.channel()).open(replies).onNext(Frames.hello(1));
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(intake.harbour.heard()).isZero();
  }

  @Test
  void a_certificate_out_of_time_is_none_even_on_an_open_connection() throws Exception {
    TestBox box = intake.box(1);
    renewed(box);
    intake.clock.advance(Duration.ofMinutes(61));
    assertCode(Status.Code.UNAUTHENTICATED, () -> renewed(box));
  }

  @Test
  void a_renewed_certificate_is_for_the_same_box_whatever_the_request_says() throws Exception {
    EnrolReply reply = renewed(intake.box(3));
    assertThat(Identity.of(chain(reply).getFirst())).contains(TestIntake.identity(3));
  }

  @Test
  void a_request_that_is_none_is_an_invalid_argument() throws Exception {
    TestBox box = intake.box(1);
    assertCode(
        Status.Code.INVALID_ARGUMENT,
        () ->
            EnrolmentGrpc.newBlockingStub(box.channel())
                .renew(RenewRequest.newBuilder().setCsrDer(ByteString.copyFromUtf8("x")).build()));
  }

  @Test
  void once_its_rental_is_gone_a_box_is_revoked() throws Exception {
    TestBox box = intake.box(1);
    intake.revoked.add(TestIntake.caller(1));
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(box.channel()).open(replies).onNext(Frames.hello(1));
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(replies.reason()).isEqualTo("revoked");
  }

  @Test
  void another_run_is_another_caller() throws Exception {
    var other = new Identity("home", new RunId("other"), new RentalRef(1, 1));
    var replies = new Replies<ControllerFrame>();
    LinkGrpc.newStub(intake.box(other).channel()).open(replies).onNext(Frames.hello(1));
    replies.await("welcome", ControllerFrame::hasWelcome);
    assertThat(intake.harbour.heardFacts().getFirst().caller().run()).isEqualTo(new RunId("other"));
    assertThat(intake.server.berths().connected(TestIntake.caller(1))).isFalse();
  }

  @Test
  void a_port_in_use_is_said() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), intake.server.port());
    assertThatThrownBy(() -> IntakeServer.start(address, intake.tls(), intake.ports()))
        .isInstanceOfSatisfying(
            IntakeException.class,
            e -> assertThat(e.kind()).isEqualTo(IntakeException.Kind.PORT_IN_USE))
        .hasMessageContaining(Integer.toString(intake.server.port()))
        .hasMessageContaining("another port");
  }

  private static EnrolReply renewed(TestBox box) {
    return EnrolmentGrpc.newBlockingStub(box.channel())
        .renew(
            RenewRequest.newBuilder()
                .setCsrDer(ByteString.copyFrom(TestRequest.ofNewKey().der()))
                .build());
  }

  private static void assertRefused(String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
              Metadata trailers = Objects.requireNonNull(e.getTrailers());
              assertThat(trailers.get(CallerGate.REASON)).isEqualTo(reason);
            });
  }

  private static void assertCode(Status.Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  static List<X509Certificate> chain(EnrolReply reply) throws Exception {
    var factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (ByteString der : reply.getChainDerList()) {
      var in = new ByteArrayInputStream(der.toByteArray());
      chain.add((X509Certificate) factory.generateCertificate(in));
    }
    return chain;
  }
}
