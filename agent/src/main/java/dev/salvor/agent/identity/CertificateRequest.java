package dev.salvor.agent.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

/// Writes a PKCS#10 request (RFC 2986) for a P-256 key. Its name says nothing: the issuer knows
/// whom it names.
final class CertificateRequest {
  private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);

  // ecdsa-with-SHA256, RFC 5758.
  private static final byte[] ECDSA_SHA256 = Der.oid(1, 2, 840, 10045, 4, 3, 2);

  private CertificateRequest() {}

  static byte[] write(KeyPair pair) throws GeneralSecurityException {
    byte[] name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8("salvor-agent"))));
    byte[] info =
        Der.sequence(Der.integer(0), name, pair.getPublic().getEncoded(), Der.emptyContextZero());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(info);
    return Der.sequence(info, Der.sequence(ECDSA_SHA256), Der.bitString(signature.sign()));
  }
}
