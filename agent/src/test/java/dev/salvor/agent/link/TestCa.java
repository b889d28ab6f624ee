package dev.salvor.agent.link;

import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.PinnedTrust;
import dev.salvor.common.tls.SpkiPin;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// A certificate authority for tests.
public final class TestCa {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final KeyPair key = newKey();
  private final X509Certificate certificate;

  public TestCa() {
    X500Name name = new X500Name("CN=test-ca");
    certificate = issue(name, key.getPublic(), Instant.now().minusSeconds(600), List.of(), true);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public SpkiPin pin() {
    return SpkiPin.of(certificate);
  }

  /// A server's key and chain, valid from then.
  public Credentials server(String dnsName, Instant from) {
    KeyPair pair = newKey();
    return new Credentials(
        pair.getPrivate(),
        List.of(
            issue(
                new X500Name("CN=server"),
                pair.getPublic(),
                from,
                List.of(new GeneralName(GeneralName.dNSName, dnsName)),
                false),
            certificate));
  }

  public Credentials server() {
    return server(PinnedTrust.CONTROLLER, Instant.now().minusSeconds(300));
  }

  /// Checks the request's own signature and certifies its key.
  public List<X509Certificate> sign(byte[] csrDer, Instant from) {
    try {
      JcaPKCS10CertificationRequest csr =
          new JcaPKCS10CertificationRequest(new PKCS10CertificationRequest(csrDer));
      boolean valid =
          csr.isSignatureValid(
              new org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder()
                  .build(csr.getPublicKey()));
      if (!valid) {
        throw new IllegalArgumentException("The request is not signed by its key");
      }
      return List.of(
          issue(new X500Name("CN=agent"), csr.getPublicKey(), from, List.of(), false), certificate);
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | org.bouncycastle.pkcs.PKCSException e) {
      throw new IllegalArgumentException("Not a request", e);
    }
  }

  private X509Certificate issue(
      X500Name name, PublicKey of, Instant from, List<GeneralName> names, boolean ca) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=test-ca"),
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(from),
              Date.from(from.plus(Duration.ofHours(1))),
              name,
              of);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(new GeneralName[0])));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("Cannot issue", e);
    }
  }

  public static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
