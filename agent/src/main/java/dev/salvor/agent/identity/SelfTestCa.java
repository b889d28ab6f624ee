package dev.salvor.agent.identity;

import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.Pem;
import dev.salvor.common.tls.PinnedTrust;
import dev.salvor.common.tls.SpkiPin;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A certificate authority that lives in memory as long as one self-test.
public final class SelfTestCa {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
  private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
  private static final byte[] ALTERNATIVE_NAME = Der.oid(2, 5, 29, 17);

  // ecdsa-with-SHA256, RFC 5758.
  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));

  // Tags of X.690 and RFC 5280.
  private static final int BOOLEAN = 0x01;
  private static final int OCTETS = 0x04;
  private static final int UTC = 0x17;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int DNS_NAME = 0x82;

  private final Instant now;
  private final PrivateKey key;
  private final X509Certificate certificate;

  private SelfTestCa(Instant now, PrivateKey key, X509Certificate certificate) {
    this.now = now;
    this.key = key;
    this.certificate = certificate;
  }

  /// A new one, good for an hour around that time.
  public static SelfTestCa create(Instant now) throws GeneralSecurityException {
    KeyPair pair = newKey();
    byte[] mayIssue =
        extension(BASIC_CONSTRAINTS, Der.sequence(Der.tagged(BOOLEAN, new byte[] {-1})));
    byte[] der =
        certificate(
            now, pair.getPrivate(), "self-test-ca", pair.getPublic().getEncoded(), mayIssue);
    return new SelfTestCa(now, pair.getPrivate(), Pem.readChainDer(List.of(der)).getFirst());
  }

  public SpkiPin pin() {
    return SpkiPin.of(certificate);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /// What a controller of this authority shows.
  public Credentials controller() throws GeneralSecurityException {
    KeyPair pair = newKey();
    return new Credentials(pair.getPrivate(), chain(pair.getPublic().getEncoded()));
  }

  /// Certifies the key in a request as this package writes them; the chain, leaf first.
  public List<X509Certificate> sign(byte[] csrDer) throws GeneralSecurityException {
    int info = content(csrDer, 0);
    int version = content(csrDer, info);
    int name = end(csrDer, version);
    int spki = end(csrDer, name);
    return chain(Arrays.copyOfRange(csrDer, spki, end(csrDer, spki)));
  }

  private List<X509Certificate> chain(byte[] spki) throws GeneralSecurityException {
    byte[] name = PinnedTrust.CONTROLLER.getBytes(StandardCharsets.US_ASCII);
    byte[] named = extension(ALTERNATIVE_NAME, Der.sequence(Der.tagged(DNS_NAME, name)));
    byte[] leaf = certificate(now, key, "self-test", spki, named);
    return Pem.readChainDer(List.of(leaf, certificate.getEncoded()));
  }

  private static byte[] certificate(
      Instant now, PrivateKey issuer, String subject, byte[] spki, byte[] extension)
      throws GeneralSecurityException {
    byte[] body =
        Der.sequence(
            Der.tagged(VERSION, Der.integer(2)),
            Der.integer(1),
            ECDSA_SHA256,
            name("self-test-ca"),
            Der.sequence(time(now.minus(LIFE)), time(now.plus(LIFE))),
            name(subject),
            spki,
            Der.tagged(EXTENSIONS, Der.sequence(extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(issuer);
    signature.update(body);
    return Der.sequence(body, ECDSA_SHA256, Der.bitString(signature.sign()));
  }

  private static byte[] name(String common) {
    return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(common))));
  }

  private static byte[] time(Instant at) {
    return Der.tagged(UTC, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] extension(byte[] oid, byte[] value) {
    return Der.sequence(oid, Der.tagged(OCTETS, value));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /// Where the content of the element at `at` begins.
  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  /// Just behind the element at `at`.
  private static int end(byte[] der, int at) {
    int content = content(der, at);
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < content; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    return content + length;
  }
}
