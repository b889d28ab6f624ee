package dev.salvor.controller.intake;

import com.google.protobuf.ByteString;
import dev.salvor.controller.intake.Registrar.Admission;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.RenewRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a box gets its certificate, and the next one.
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(EnrolmentService.class);

  private final Registrar registrar;
  private final InstantSource clock;

  EnrolmentService(Registrar registrar, InstantSource clock) {
    this.registrar = registrar;
    this.clock = clock;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<EnrolReply> out) {
    var application =
        new Registrar.Application(
            request.getJoinToken(),
            request.getRun(),
            request.getGeneration(),
            request.getJoinSeq());
    LOG.atInfo()
        .addKeyValue("run", BoxText.line(request.getRun(), 40))
        .addKeyValue("generation", request.getGeneration())
        .addKeyValue("boot", request.getBoot())
        .log("a box asks to enrol");
    answer(registrar.enrol(request.getCsrDer().toByteArray(), application), out);
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<EnrolReply> out) {
    byte[] csr = request.getCsrDer().toByteArray();
    answer(registrar.renew(CallerGate.caller(), csr, request.getJoinSeq()), out);
  }

  private void answer(Admission admission, StreamObserver<EnrolReply> out) {
    switch (admission) {
      case Registrar.Admitted admitted -> {
        out.onNext(reply(admitted));
        out.onCompleted();
      }
      case Registrar.TokenRefused refused -> {
        LOG.atWarn().addKeyValue("why", refused.why()).log("refused an enrolment");
        out.onError(refusal(refused.why()));
      }
      case Registrar.Malformed malformed ->
          out.onError(
              Status.INVALID_ARGUMENT.withDescription(malformed.why()).asRuntimeException());
      case Registrar.Broken broken -> {
        LOG.atError().log("cannot enrol boxes: {}", broken.why());
        out.onError(
            Status.UNAVAILABLE
                .withDescription("The controller cannot enrol anybody now; ask again")
                .asRuntimeException());
      }
    }
  }

  private static StatusRuntimeException refusal(Registrar.Why why) {
    Metadata trailers = new Metadata();
    trailers.put(CallerGate.REASON, why.name().toLowerCase(Locale.ROOT));
    String words =
        switch (why) {
          case TOKEN_UNKNOWN -> "No such join token for this run and generation";
          case TOKEN_USED -> "This join token was used by another key";
          case TOKEN_EXPIRED -> "This join token is out of time until it is armed again";
          case NOT_LISTED -> "The provider does not list this rental yet; ask again";
          case REVOKED -> "This rental is over";
          case QUARANTINED -> CallerGate.TWO_BOXES;
        };
    return Status.PERMISSION_DENIED.withDescription(words).asRuntimeException(trailers);
  }

  private EnrolReply reply(Registrar.Admitted admitted) {
    EnrolReply.Builder reply = EnrolReply.newBuilder();
    try {
      for (X509Certificate each : admitted.chain()) {
        reply.addChainDer(ByteString.copyFrom(each.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("A certificate of our own making has an encoding", e);
    }
    return reply
        .setJoinSeq(admitted.joinSeq())
        .setControllerTimeMs(clock.instant().toEpochMilli())
        .build();
  }
}
