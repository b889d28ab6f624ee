package dev.salvor.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

final class CertificateRequestTest {
  @Test
  void a_second_implementation_reads_it_and_its_signature_holds() throws Exception {
    for (int i = 0; i < 20; i++) {
      KeyPair pair = KeyFiles.newKey();
      byte[] der = CertificateRequest.write(pair);

      PKCS10CertificationRequest read = new PKCS10CertificationRequest(der);
      assertThat(read.getEncoded()).isEqualTo(der);
      assertThat(read.getSubject()).hasToString("CN=salvor-agent");
      assertThat(new JcaPKCS10CertificationRequest(read).getPublicKey())
          .isEqualTo(pair.getPublic());
      assertThat(
              read.isSignatureValid(
                  new JcaContentVerifierProviderBuilder().build(pair.getPublic())))
          .isTrue();
      assertThat(
              read.isSignatureValid(
                  new JcaContentVerifierProviderBuilder().build(KeyFiles.newKey().getPublic())))
          .isFalse();
    }
  }
}
