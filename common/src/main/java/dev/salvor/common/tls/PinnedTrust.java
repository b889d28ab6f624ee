package dev.salvor.common.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts a peer only when a CA with a pinned key signed its certificate, the certificate carries
/// the expected name, and both are valid now.
public final class PinnedTrust extends X509ExtendedTrustManager {
  /// The name in every controller's certificate, wherever the controller is dialled.
  public static final String CONTROLLER = "salvor-controller";

  private static final int MAX_CHAIN = 4;
  private static final int SAN_DNS = 2;

  private final Set<SpkiPin> pins;
  private final String name;
  private final Clock clock;

  /// @param name the DNS name that the peer's certificate must carry
  public PinnedTrust(Set<SpkiPin> pins, String name, Clock clock) {
    if (pins.isEmpty()) {
      throw new IllegalArgumentException("Without a pin nothing can be trusted");
    }
    this.pins = Set.copyOf(pins);
    this.name = name;
    this.clock = clock;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(List.of(chain));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(List.of(chain));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("This end only dials out; it accepts no clients.");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  /// None: the CA is known by its pin only, and comes with the peer's chain.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void check(List<X509Certificate> chain) throws CertificateException {
    if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
      throw new CertificateException(
          "The peer sent %d certificates; expected a leaf and its CA.".formatted(chain.size()));
    }
    X509Certificate leaf = chain.getFirst();
    X509Certificate ca = pinnedCa(chain);
    checkSigned(leaf, ca);
    checkValid(leaf, "certificate");
    checkValid(ca, "CA");
    checkName(leaf);
  }

  private X509Certificate pinnedCa(List<X509Certificate> chain) throws CertificateException {
    Optional<X509Certificate> ca =
        chain.stream().skip(1).filter(c -> pins.contains(SpkiPin.of(c))).findFirst();
    if (ca.isEmpty()) {
      throw new CertificateException(
          ("The peer's chain (%s) holds no CA with a pinned key; pinned: %s. This is another"
                  + " controller, or somebody in between.")
              .formatted(names(chain), pins));
    }
    if (ca.get().getBasicConstraints() < 0) {
      throw new CertificateException(
          "The pinned certificate %s is no CA.".formatted(ca.get().getSubjectX500Principal()));
    }
    return ca.get();
  }

  private static void checkSigned(X509Certificate leaf, X509Certificate ca)
      throws CertificateException {
    try {
      leaf.verify(ca.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          "The peer's certificate %s was not signed by the pinned CA: %s"
              .formatted(leaf.getSubjectX500Principal(), e.getMessage()),
          e);
    }
  }

  private void checkValid(X509Certificate certificate, String what) throws CertificateException {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      throw new CertificateException(
          "The controller's %s is not valid before %s, and this box says it is %s: one of the two clocks is wrong."
              .formatted(what, from, now));
    }
    if (now.isAfter(until)) {
      throw new CertificateException(
          "The controller's %s expired at %s, and this box says it is %s: one of the two clocks is wrong, or the controller did not renew."
              .formatted(what, until, now));
    }
  }

  private void checkName(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = alternativeNames(leaf);
    boolean found =
        names.stream()
            .anyMatch(n -> Integer.valueOf(SAN_DNS).equals(n.get(0)) && name.equals(n.get(1)));
    if (!found) {
      throw new CertificateException(
          "The peer's certificate is for %s, not for %s.".formatted(names, name));
    }
  }

  private static Collection<List<?>> alternativeNames(X509Certificate leaf)
      throws CertificateParsingException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    return names == null ? List.of() : names;
  }

  private static List<String> names(List<X509Certificate> chain) {
    return chain.stream().map(c -> c.getSubjectX500Principal().getName()).toList();
  }
}
