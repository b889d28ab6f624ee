package dev.salvor.controller.intake;

import com.google.protobuf.ByteString;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.CertificateRequest;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.TestRequest;
import dev.salvor.proto.v1.EnrolReply;
import dev.salvor.proto.v1.EnrolRequest;
import dev.salvor.proto.v1.EnrolmentGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// A box as the intake sees one: a TLS client that believes one authority.
record TestBox(ManagedChannel channel) {

  static TestBox stranger(int port, CertificateAuthority trusted) throws SSLException {
    return dial(port, SslContextBuilder.forClient().trustManager(trusted.certificate()));
  }

  static TestBox certified(int port, CertificateAuthority authority, Identity identity)
      throws Exception {
    TestRequest request = TestRequest.ofNewKey();
    List<X509Certificate> chain = authority.issue(CertificateRequest.read(request.der()), identity);
    return certified(port, authority, request, chain);
  }

  static TestBox certified(
      int port, CertificateAuthority trusted, TestRequest request, List<X509Certificate> chain)
      throws SSLException {
    return dial(
        port,
        SslContextBuilder.forClient()
            .trustManager(trusted.certificate())
            .keyManager(request.key(), chain.toArray(X509Certificate[]::new)));
  }

  private static TestBox dial(int port, SslContextBuilder tls) throws SSLException {
    return new TestBox(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .overrideAuthority(CertificateAuthority.SERVER_NAME)
            .sslContext(GrpcSslContexts.configure(tls).build())
            .flowControlWindow(1 << 16)
            .disableRetry()
            .directExecutor()
            .build());
  }

  EnrolReply enrol(TestRequest key, String token, int generation) {
    return EnrolmentGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .enrol(
            EnrolRequest.newBuilder()
                .setCsrDer(ByteString.copyFrom(key.der()))
                .setJoinToken(token)
                .setRun(TestIntake.RUN.value())
                .setGeneration(generation)
                .setBoot(1)
                .build());
  }
}
