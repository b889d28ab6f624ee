package dev.salvor.controller.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.core.RentalRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The authority is made once, and signs in no name but the one it is told.
final class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Identity IDENTITY =
      new Identity("port1", new RunId("tide"), new RentalRef(2, 1));

  private final SetClock clock = new SetClock(NOW);

  @TempDir Path dir;

  @Test
  void it_is_made_once_and_found_again() throws Exception {
    CertificateAuthority first = open();
    CertificateAuthority second = open();
    assertThat(second.certificate()).isEqualTo(first.certificate());
    assertThat(second.pin()).isEqualTo(first.pin());
    assertThat(first.pin()).isEqualTo(Sha256.of(first.certificate().getPublicKey().getEncoded()));
    assertThat(first.certificate().getBasicConstraints()).isZero();
    assertThat(validity(first.certificate())).isGreaterThan(Duration.ofDays(3650));
  }

  @Test
  void its_files_are_the_owners_alone() throws Exception {
    open();
    for (String name : List.of("ca.key", "ca.pub", "ca.crt")) {
      assertThat(mode(dir.resolve("ca").resolve(name))).isEqualTo("rw-------");
    }
    assertThat(mode(dir.resolve("ca"))).isEqualTo("rwx------");
  }

  @Test
  void a_crash_between_key_and_certificate_keeps_the_pin() throws Exception {
    Sha256 pin = open().pin();
    Files.delete(dir.resolve("ca/ca.crt"));
    assertThat(open().pin()).isEqualTo(pin);
  }

  @Test
  void in_its_last_year_the_certificate_is_made_anew_for_the_same_key() throws Exception {
    CertificateAuthority old = open();
    clock.advance(Duration.ofDays(3653 - 300));
    CertificateAuthority renewed = open();
    assertThat(renewed.certificate()).isNotEqualTo(old.certificate());
    assertThat(renewed.pin()).isEqualTo(old.pin());
    renewed.newServer().chain().getFirst().verify(old.certificate().getPublicKey());
  }

  @Test
  void damaged_files_are_named_and_left() throws Exception {
    open();
    Files.writeString(dir.resolve("ca/ca.key"), "-----BEGIN nonsense");
    assertFails(CaException.Kind.DAMAGED, this::open, "ca.key");
    assertThat(Files.readString(dir.resolve("ca/ca.key"))).isEqualTo("-----BEGIN nonsense");
  }

  @Test
  void halves_of_two_keys_are_no_authority() throws Exception {
    open();
    Path other = dir.resolve("other");
    CertificateAuthority.open(other, "port1", clock);
    Files.copy(
        other.resolve("ca.pub"),
        dir.resolve("ca/ca.pub"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertFails(CaException.Kind.DAMAGED, this::open, "no pair");
  }

  @Test
  void a_directory_that_cannot_be_is_named() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertFails(
        CaException.Kind.UNREADABLE,
        () -> CertificateAuthority.open(file.resolve("ca"), "port1", clock),
        "file");
  }

  @Test
  void the_servers_certificate_has_the_one_name_and_cannot_be_an_agents() throws Exception {
    CertificateAuthority authority = open();
    CertificateAuthority.Server server = authority.newServer();
    X509Certificate leaf = server.chain().getFirst();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "salvor-controller"));
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(authority.identify(leaf)).isEmpty();
    assertThat(server.toString()).doesNotContain("EC");
    assertThat(authority.newServer().key()).isNotEqualTo(server.key());
  }

  @Test
  void an_agents_certificate_names_whom_we_say_for_an_hour() throws Exception {
    CertificateAuthority authority = open();
    TestRequest request = TestRequest.ofNewKey();
    X509Certificate leaf =
        authority.issue(CertificateRequest.read(request.der()), IDENTITY).getFirst();
    leaf.verify(authority.certificate().getPublicKey());
    assertThat(leaf.getPublicKey()).isEqualTo(request.pair().getPublic());
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "salvor://port1/tide/2/1"));
    assertThat(leaf.getSubjectX500Principal().getName()).doesNotContain("controller");
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(authority.identify(leaf)).contains(IDENTITY);
  }

  @Test
  void another_fleets_identity_is_neither_signed_nor_recognised() throws Exception {
    CertificateAuthority authority = open();
    CertificateAuthority other = CertificateAuthority.open(dir.resolve("o"), "away", clock);
    CertificateRequest request = CertificateRequest.read(TestRequest.ofNewKey().der());
    assertThatThrownBy(() -> other.issue(request, IDENTITY))
        .isInstanceOf(IllegalArgumentException.class);
    var away = new Identity("away", IDENTITY.run(), IDENTITY.rental());
    assertThat(authority.identify(other.issue(request, away).getFirst())).isEmpty();
  }

  @Test
  void a_request_that_its_key_did_not_sign_is_refused() {
    byte[] stolen = TestRequest.ofNewKey().signedBy(TestRequest.ofNewKey().key());
    assertBadRequest(stolen, "signature");
  }

  @Test
  void bytes_that_are_no_request_are_refused() {
    assertBadRequest(new byte[0], "0 bytes");
    assertBadRequest(new byte[5000], "5000 bytes");
    assertBadRequest("hello".getBytes(StandardCharsets.US_ASCII), "PKCS#10");
    byte[] whole = TestRequest.ofNewKey().der();
    for (int length = 1; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertFails(CaException.Kind.BAD_REQUEST, () -> CertificateRequest.read(cut), "request");
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x41;
      assertFails(CaException.Kind.BAD_REQUEST, () -> CertificateRequest.read(flipped), "request");
    }
  }

  @Test
  void a_key_of_another_kind_is_refused() {
    TestRequest p384 = TestRequest.ofNewKey("secp384r1");
    assertBadRequest(p384.der(), "P-256");
  }

  private static void assertBadRequest(byte[] der, String why) {
    assertFails(CaException.Kind.BAD_REQUEST, () -> CertificateRequest.read(der), why);
  }

  private static void assertFails(CaException.Kind kind, ThrowingCallable action, String words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(CaException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(words);
  }

  private CertificateAuthority open() throws CaException {
    return CertificateAuthority.open(dir.resolve("ca"), "port1", clock);
  }

  private static String mode(Path path) throws java.io.IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static Duration validity(X509Certificate certificate) throws GeneralSecurityException {
    return Duration.between(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }
}
