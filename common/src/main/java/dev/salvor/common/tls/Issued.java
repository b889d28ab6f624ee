package dev.salvor.common.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// What an issuer answered.
///
/// @param chain leaf first
/// @param joinSeq the number to show the next time
/// @param at what time it is by the issuer's clock, which the certificate's times are of
public record Issued(List<X509Certificate> chain, long joinSeq, Instant at) {
  public Issued {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("An answer without a certificate");
    }
  }
}
