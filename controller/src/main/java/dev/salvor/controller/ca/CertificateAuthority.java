package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.CertificateWriter.Validity;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// The fleet's own certificate authority, made once in the state directory. Agents know it by the
/// hash of its key.
public final class CertificateAuthority {
  /// The one name of every controller: agents ask for it wherever they dial.
  public static final String SERVER_NAME = "salvor-controller";

  /// How long an agent's certificate holds; it renews at half of it.
  public static final Duration LEAF_LIFE = Duration.ofHours(1);

  private static final Duration OWN_LIFE = Duration.ofDays(3653);
  private static final Duration OWN_RENEWAL = Duration.ofDays(366);

  /// The server's key lives in memory and is new at each start; nobody keeps one up for a year.
  private static final Duration SERVER_LIFE = Duration.ofDays(365);

  /// Rented hosts' clocks are late by minutes.
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final String ISSUER = "CN=salvor-ca";

  private final Own own;
  private final String fleet;
  private final InstantSource clock;
  private final CertificateWriter writer;

  private CertificateAuthority(
      Own own, String fleet, InstantSource clock, CertificateWriter writer) {
    this.own = own;
    this.fleet = fleet;
    this.clock = clock;
    this.writer = writer;
  }

  /// Reads the authority in the directory, and makes it where there is none.
  public static CertificateAuthority open(Path dir, String fleet, InstantSource clock)
      throws CaException {
    OwnerFiles files = OwnerFiles.at(dir);
    SecureRandom random = new SecureRandom();
    Keys keys = keys(files);
    CertificateWriter writer = new CertificateWriter(ISSUER, keys.secret(), random);
    X509Certificate certificate = certificate(files, keys, writer, clock.instant());
    return new CertificateAuthority(new Own(keys, certificate), fleet, clock, writer);
  }

  /// The secret half is written last: where it is, the other one is.
  private static Keys keys(OwnerFiles files) throws CaException {
    if (!files.has("ca.key")) {
      KeyPair pair = CertificateWriter.newKeyPair();
      files.write("ca.pub", Pem.write("PUBLIC KEY", pair.getPublic().getEncoded()));
      files.write("ca.key", Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      byte[] secret = Pem.read("PRIVATE KEY", files.read("ca.key"));
      byte[] open = Pem.read("PUBLIC KEY", files.read("ca.pub"));
      Keys keys =
          new Keys(
              factory.generatePrivate(new PKCS8EncodedKeySpec(secret)),
              factory.generatePublic(new X509EncodedKeySpec(open)));
      keys.requirePair();
      return keys;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw damaged(files.path("ca.key"), e);
    }
  }

  /// Made anew for the same key when it is missing or in its last year: the pin stays.
  private static X509Certificate certificate(
      OwnerFiles files, Keys keys, CertificateWriter writer, Instant now) throws CaException {
    if (files.has("ca.crt")) {
      X509Certificate kept = readCertificate(files);
      if (!kept.getPublicKey().equals(keys.open())) {
        throw damaged(files.path("ca.crt"), new GeneralSecurityException("of another key"));
      }
      if (kept.getNotAfter().toInstant().isAfter(now.plus(OWN_RENEWAL))) {
        return kept;
      }
    }
    Validity validity = new Validity(now.minus(SKEW), now.plus(OWN_LIFE));
    X509Certificate made = writer.authority(keyInfo(keys.open()), validity);
    try {
      files.write("ca.crt", Pem.write("CERTIFICATE", made.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A certificate of our own making has an encoding", e);
    }
    return made;
  }

  private static X509Certificate readCertificate(OwnerFiles files) throws CaException {
    try {
      byte[] der = Pem.read("CERTIFICATE", files.read("ca.crt"));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw damaged(files.path("ca.crt"), e);
    }
  }

  private static CaException damaged(Path path, Exception e) {
    return new CaException(
        CaException.Kind.DAMAGED,
        ("Cannot use %s: %s. Put a backup of the directory in its place; without one, every running"
                + " box must be enrolled again.")
            .formatted(path, e.getMessage()),
        e);
  }

  public X509Certificate certificate() {
    return own.certificate();
  }

  /// What agents pin: SHA-256 of the authority's SubjectPublicKeyInfo.
  public Sha256 pin() {
    return Sha256.of(own.certificate().getPublicKey().getEncoded());
  }

  public String fleet() {
    return fleet;
  }

  /// A new key and certificate for the controller's own server.
  public Server newServer() {
    KeyPair pair = CertificateWriter.newKeyPair();
    Instant now = clock.instant();
    Validity validity = new Validity(now.minus(SKEW), now.plus(SERVER_LIFE));
    X509Certificate leaf = writer.server(keyInfo(pair.getPublic()), SERVER_NAME, validity);
    return new Server(pair.getPrivate(), List.of(leaf, own.certificate()));
  }

  /// An hour's certificate for the request's key, in the name that we say; leaf first.
  public List<X509Certificate> issue(CertificateRequest request, Identity identity) {
    if (!identity.fleet().equals(fleet)) {
      throw new IllegalArgumentException("This is fleet " + fleet + ", not " + identity.fleet());
    }
    Instant now = clock.instant();
    Validity validity = new Validity(now.minus(SKEW), now.plus(LEAF_LIFE));
    return List.of(writer.agent(request.key(), identity, validity), own.certificate());
  }

  /// Who a peer is whose certificate the handshake has checked; empty for any other fleet or kind.
  public Optional<Identity> identify(X509Certificate peer) {
    return Identity.of(peer).filter(identity -> identity.fleet().equals(fleet));
  }

  private static SubjectPublicKeyInfo keyInfo(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded());
  }

  /// The authority's key and the certificate over it.
  private record Own(Keys keys, X509Certificate certificate) {}

  /// Both halves of the authority's key.
  private record Keys(PrivateKey secret, PublicKey open) {

    /// A half exchanged by hand would sign certificates that no agent believes.
    void requirePair() throws GeneralSecurityException {
      byte[] probe = {1};
      var signature = java.security.Signature.getInstance("SHA256withECDSA");
      signature.initSign((ECPrivateKey) secret);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify((ECPublicKey) open);
      signature.update(probe);
      if (!signature.verify(signed)) {
        throw new GeneralSecurityException("ca.key and ca.pub are no pair");
      }
    }
  }

  /// What the controller's server shows; leaf first.
  public record Server(PrivateKey key, List<X509Certificate> chain) {
    public Server {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Server[key=***, chain=" + chain.size() + "]";
    }
  }
}
