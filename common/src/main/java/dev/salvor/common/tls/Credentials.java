package dev.salvor.common.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key with the certificate chain (leaf first) that speaks for it.
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
  public Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A key without a certificate speaks for nobody");
    }
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /// Never the key.
  @Override
  public String toString() {
    return "Credentials[***, " + leaf().getSubjectX500Principal().getName() + "]";
  }
}
