package dev.salvor.common.tls;

import dev.salvor.common.unit.Sha256;
import java.security.cert.X509Certificate;
import java.util.Locale;

/// The SHA-256 of a certificate's SubjectPublicKeyInfo in DER: a key to trust whatever certificate
/// wraps it.
public record SpkiPin(Sha256 digest) {
  public static SpkiPin of(X509Certificate certificate) {
    return new SpkiPin(Sha256.of(certificate.getPublicKey().getEncoded()));
  }

  /// Reads 64 hex digits, in either case, spaces around them allowed.
  public static SpkiPin parse(String hex) {
    return new SpkiPin(new Sha256(hex.strip().toLowerCase(Locale.ROOT)));
  }

  @Override
  public String toString() {
    return digest.hex();
  }
}
