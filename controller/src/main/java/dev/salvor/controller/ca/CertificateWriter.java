package dev.salvor.controller.ca;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Writes and signs X.509: the authority's own certificate, the server's, an agent's.
final class CertificateWriter {
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;

  private final X500Name issuer;
  private final PrivateKey signingKey;
  private final SecureRandom random;

  CertificateWriter(String issuer, PrivateKey signingKey, SecureRandom random) {
    this.issuer = new X500Name(issuer);
    this.signingKey = signingKey;
    this.random = random;
  }

  static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has EC P-256", e);
    }
  }

  X509Certificate authority(SubjectPublicKeyInfo key, Validity validity) {
    try {
      X509v3CertificateBuilder builder = start(issuer, key, validity);
      critical(builder, Extension.basicConstraints, new BasicConstraints(0));
      critical(builder, Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return sign(builder);
    } catch (CertIOException e) {
      throw new IllegalStateException("A certificate of our own making is well-formed", e);
    }
  }

  X509Certificate server(SubjectPublicKeyInfo key, String dnsName, Validity validity) {
    GeneralName name = new GeneralName(GeneralName.dNSName, dnsName);
    return leaf(key, name, KeyPurposeId.id_kp_serverAuth, validity);
  }

  X509Certificate agent(SubjectPublicKeyInfo key, Identity identity, Validity validity) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
    return leaf(key, name, KeyPurposeId.id_kp_clientAuth, validity);
  }

  private X509Certificate leaf(
      SubjectPublicKeyInfo key, GeneralName name, KeyPurposeId purpose, Validity validity) {
    try {
      X509v3CertificateBuilder builder = start(new X500Name("CN=salvor"), key, validity);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      critical(builder, Extension.basicConstraints, new BasicConstraints(false));
      critical(builder, Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      return sign(builder);
    } catch (CertIOException e) {
      throw new IllegalStateException("A certificate of our own making is well-formed", e);
    }
  }

  private X509v3CertificateBuilder start(
      X500Name subject, SubjectPublicKeyInfo key, Validity validity) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
        Date.from(validity.from()),
        Date.from(validity.until()),
        subject,
        key);
  }

  private static void critical(
      X509v3CertificateBuilder builder, ASN1ObjectIdentifier id, ASN1Encodable value)
      throws CertIOException {
    builder.addExtension(id, true, value);
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      ContentSigner signer = new JcaContentSignerBuilder(SIGNATURE).build(signingKey);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("The authority's own key signs", e);
    }
  }

  /// From when until when a certificate holds.
  record Validity(Instant from, Instant until) {}
}
