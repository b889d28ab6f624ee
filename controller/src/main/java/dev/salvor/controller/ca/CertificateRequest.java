package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/// A stranger's PKCS#10 of which only the key is believed, and that only because it signed it.
public final class CertificateRequest {
  /// A P-256 request with a short name is about 250 bytes.
  private static final int MAX_BYTES = 4096;

  private final SubjectPublicKeyInfo key;

  private CertificateRequest(SubjectPublicKeyInfo key) {
    this.key = key;
  }

  /// Takes EC P-256 only: one kind of key, whose check costs little whoever sends it.
  public static CertificateRequest read(byte[] der) throws CaException {
    if (der.length == 0 || der.length > MAX_BYTES) {
      throw refused("it has " + der.length + " bytes", new IOException("size"));
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
      SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
      if (!isP256(key)) {
        throw refused("its key is not EC P-256", new IOException("key"));
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("its signature is not by its key", new IOException("signature"));
      }
      return new CertificateRequest(key);
    } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
      // A parser of strangers' bytes: whatever it throws, the bytes are at fault.
      throw refused("it is no PKCS#10: " + e.getMessage(), e);
    }
  }

  private static boolean isP256(SubjectPublicKeyInfo key) {
    return X9ObjectIdentifiers.id_ecPublicKey.equals(key.getAlgorithm().getAlgorithm())
        && SECObjectIdentifiers.secp256r1.equals(key.getAlgorithm().getParameters());
  }

  private static CaException refused(String why, Throwable cause) {
    return new CaException(
        CaException.Kind.BAD_REQUEST, "Cannot certify this request: " + why, cause);
  }

  SubjectPublicKeyInfo key() {
    return key;
  }

  /// Names the key: SHA-256 of its SubjectPublicKeyInfo.
  public Sha256 keyDigest() throws CaException {
    try {
      return Sha256.of(key.getEncoded());
    } catch (IOException e) {
      throw refused("its key has no encoding", e);
    }
  }
}
