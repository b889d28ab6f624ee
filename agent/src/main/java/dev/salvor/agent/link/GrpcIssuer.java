package dev.salvor.agent.link;

import com.google.protobuf.ByteString;
import dev.salvor.common.tls.CertificateIssuer;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.IssueException;
import dev.salvor.common.tls.Issued;
import dev.salvor.common.tls.Pem;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import dev.salvor.proto.v1.RenewRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets certificates from the controller at one endpoint.
final class GrpcIssuer implements CertificateIssuer {
  static final Metadata.Key<String> REASON =
      Metadata.Key.of("salvor-reason", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger LOG = LoggerFactory.getLogger(GrpcIssuer.class);
  private static final int DEADLINE_S = 10;

  /// Certificates are back-dated by minutes: this much is worth a word, not a refusal.
  private static final long SKEW_MS = 5_000;

  private final Channels channels;
  private final Endpoint endpoint;
  private final EnrolmentFacts facts;
  private final Clock clock;

  GrpcIssuer(Channels channels, Endpoint endpoint, EnrolmentFacts facts, Clock clock) {
    this.channels = channels;
    this.endpoint = endpoint;
    this.facts = facts;
    this.clock = clock;
  }

  @Override
  public Issued enrol(byte[] csrDer, long joinSeq) throws IssueException {
    String token = facts.joinToken();
    if (token.isEmpty()) {
      throw new IssueException(
          IssueException.Kind.REFUSED,
          "This box has no certificate and no SALVOR_JOIN_TOKEN to get one with.");
    }
    EnrolRequest request =
        EnrolRequest.newBuilder()
            .setCsrDer(ByteString.copyFrom(csrDer))
            .setJoinToken(token)
            .setRun(facts.run())
            .setGeneration(facts.generation())
            .setInstanceId(facts.instanceId())
            .setBoot(facts.boot())
            .setJoinSeq(joinSeq)
            .build();
    return call(Optional.empty(), stub -> stub.enrol(request));
  }

  @Override
  public Issued renew(byte[] csrDer, Credentials present, long joinSeq) throws IssueException {
    RenewRequest request =
        RenewRequest.newBuilder()
            .setCsrDer(ByteString.copyFrom(csrDer))
            .setJoinSeq(joinSeq)
            .build();
    return call(Optional.of(present), stub -> stub.renew(request));
  }

  private Issued call(
      Optional<Credentials> as, Function<EnrolmentGrpc.EnrolmentBlockingStub, EnrolReply> what)
      throws IssueException {
    ManagedChannel channel = channels.open(endpoint, as);
    try {
      EnrolReply reply =
          what.apply(
              EnrolmentGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(DEADLINE_S, TimeUnit.SECONDS));
      noteSkew(reply.getControllerTimeMs());
      return new Issued(
          Pem.readChainDer(reply.getChainDerList().stream().map(ByteString::toByteArray).toList()),
          reply.getJoinSeq(),
          Instant.ofEpochMilli(reply.getControllerTimeMs()));
    } catch (StatusRuntimeException e) {
      throw refusal(e);
    } catch (CertificateException e) {
      throw new IssueException(
          IssueException.Kind.REFUSED,
          "The controller's answer is no certificate: " + e.getMessage());
    } finally {
      channel.shutdownNow();
    }
  }

  private IssueException refusal(StatusRuntimeException e) {
    Metadata trailers = e.getTrailers();
    String reason = trailers == null ? null : trailers.get(REASON);
    IssueException.Kind kind =
        switch (reason == null ? "" : reason) {
          case "token_used" -> IssueException.Kind.TOKEN_USED;
          case "revoked" -> IssueException.Kind.REVOKED;
          case "token_expired", "not_listed", "quarantined", "too_often" ->
              IssueException.Kind.NOT_YET;
          case "" ->
              e.getStatus().getCode() == Status.Code.PERMISSION_DENIED
                  ? IssueException.Kind.REFUSED
                  : IssueException.Kind.UNREACHABLE;
          default -> IssueException.Kind.REFUSED;
        };
    return new IssueException(
        kind,
        "Cannot enrol at %s: %s%s"
            .formatted(
                endpoint, Words.of(e.getStatus()), reason == null ? "" : " (" + reason + ")"));
  }

  private void noteSkew(long controllerTimeMs) {
    long skew = clock.millis() - controllerTimeMs;
    if (controllerTimeMs > 0 && Math.abs(skew) > SKEW_MS) {
      LOG.atWarn()
          .addKeyValue("ahead_ms", skew)
          .log(
              "this box's clock is {} s {} the controller's",
              Math.abs(skew) / 1000,
              skew > 0 ? "ahead of" : "behind");
    }
  }
}
