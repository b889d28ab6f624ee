package dev.salvor.agent.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.agent.link.TestCa;
import dev.salvor.common.tls.Pem;
import dev.salvor.common.tls.PinnedTrust;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

final class PinnedTrustTest {
  private final TestCa ca = new TestCa();
  private final PinnedTrust trust =
      new PinnedTrust(Set.of(ca.pin()), PinnedTrust.CONTROLLER, Clock.systemUTC());

  @Test
  void takes_what_the_pinned_ca_signed() {
    assertThatCode(() -> check(ca.server().chain())).doesNotThrowAnyException();
  }

  @Test
  void refuses_another_ca() {
    assertThatThrownBy(() -> check(new TestCa().server().chain()))
        .hasMessageContaining("no CA with a pinned key");
  }

  @Test
  void refuses_a_leaf_that_only_shows_the_pinned_ca() {
    List<X509Certificate> forged =
        List.of(new TestCa().server().leaf(), ca.server().chain().get(1));

    assertThatThrownBy(() -> check(forged)).hasMessageContaining("not signed by the pinned CA");
  }

  @Test
  void refuses_an_agent_that_poses_as_the_controller() {
    List<X509Certificate> agent = ca.sign(requestOf(), Instant.now().minusSeconds(60));

    assertThatThrownBy(() -> check(agent)).hasMessageContaining("not for salvor-controller");
  }

  @Test
  void says_in_words_that_a_clock_is_wrong() {
    List<X509Certificate> early =
        ca.server(PinnedTrust.CONTROLLER, Instant.now().plusSeconds(3600)).chain();
    List<X509Certificate> late =
        ca.server(PinnedTrust.CONTROLLER, Instant.now().minusSeconds(86_400)).chain();

    assertThatThrownBy(() -> check(early))
        .hasMessageContaining("is not valid before")
        .hasMessageContaining("clocks is wrong");
    assertThatThrownBy(() -> check(late)).hasMessageContaining("expired at");
  }

  @Test
  void refuses_an_empty_chain_and_a_lone_leaf() {
    assertThatThrownBy(() -> check(List.of())).hasMessageContaining("0 certificates");
    assertThatThrownBy(() -> check(List.of(ca.server().leaf())))
        .hasMessageContaining("no CA with a pinned key");
  }

  @Test
  void pem_comes_back_as_it_was_written() throws Exception {
    var server = ca.server();

    Assertions.assertThat(Pem.readChain(Pem.write(server.chain()))).isEqualTo(server.chain());
    Assertions.assertThat(Pem.readKey(Pem.write(server.key()))).isEqualTo(server.key());
    assertThatThrownBy(() -> Pem.readKey(Pem.write(server.chain()))).hasMessageContaining("Not a");
    assertThatThrownBy(() -> Pem.readChain("nothing")).hasMessageContaining("No certificate");
  }

  private byte[] requestOf() {
    try {
      return CertificateRequest.write(KeyFiles.newKey());
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void check(List<X509Certificate> chain) throws Exception {
    trust.checkServerTrusted(chain.toArray(new X509Certificate[0]), "ECDHE_ECDSA");
  }
}
