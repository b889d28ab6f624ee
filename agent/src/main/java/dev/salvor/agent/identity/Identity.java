package dev.salvor.agent.identity;

import dev.salvor.common.tls.CertificateIssuer;
import dev.salvor.common.tls.CredentialSource;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.IssueException;
import dev.salvor.common.tls.Issued;
import dev.salvor.common.tls.SpkiPin;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who this box is to its controller: enrols with a key made here, renews at half life, and comes
/// back with the key it enrolled with when the certificate ran out while the box was paused.
public final class Identity implements CredentialSource {
  private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

  /// Renewal is due at half of the life, give or take this share of it, so that a fleet that was
  /// rented at once does not renew at once.
  private static final double JITTER = 0.1;

  /// Half lives of half an hour do not care.
  private static final Duration SMALL = Duration.ofMinutes(1);

  private final KeyFiles files;
  private final Set<SpkiPin> pins;
  private final Clock clock;
  private final double renewAtShare;
  private Duration skew = Duration.ZERO;
  private boolean doubted;

  public Identity(IdentityStore store, Set<SpkiPin> pins, Clock clock, RandomGenerator random) {
    this.files = new KeyFiles(store);
    this.pins = Set.copyOf(pins);
    this.clock = clock;
    this.renewAtShare = 0.5 + JITTER * (2 * random.nextDouble() - 1);
  }

  @Override
  public synchronized Credentials credentials(CertificateIssuer issuer) throws IssueException {
    try {
      Optional<Credentials> present = files.credentials();
      if (present.isEmpty() || doubted || expired(present.get().leaf())) {
        return enrol(issuer);
      }
      return renewalDue(present.get().leaf()) ? renew(issuer, present.get()) : present.get();
    } catch (IOException | GeneralSecurityException e) {
      throw new IssueException(
          IssueException.Kind.REFUSED, "Cannot use the identity on this disk: " + e);
    }
  }

  /// The controller would not have the certificate: this clock, which says that it holds, is wrong.
  /// The bound key gets a new one.
  @Override
  public synchronized void doubted() {
    doubted = true;
  }

  private Credentials enrol(CertificateIssuer issuer)
      throws IssueException, IOException, GeneralSecurityException {
    files.savePins(pins);
    KeyPair key = files.joinKey();
    return keep(key, issuer.enrol(CertificateRequest.write(key), files.joinSeq()));
  }

  private Credentials renew(CertificateIssuer issuer, Credentials present)
      throws IOException, GeneralSecurityException {
    KeyPair key = KeyFiles.newKey();
    try {
      byte[] request = CertificateRequest.write(key);
      return keep(key, issuer.renew(request, present, files.joinSeq()));
    } catch (IssueException e) {
      // The present one still holds: dialling with it is better than not dialling.
      LOG.atWarn().addKeyValue("why", e.why()).log("certificate not renewed, trying later");
      return present;
    }
  }

  private Credentials keep(KeyPair key, Issued issued)
      throws IssueException, IOException, GeneralSecurityException {
    List<X509Certificate> chain = issued.chain();
    X509Certificate leaf = chain.getFirst();
    if (!leaf.getPublicKey().equals(key.getPublic())) {
      throw new IssueException(
          IssueException.Kind.REFUSED, "The controller certified another key than this box's");
    }
    if (chain.stream().skip(1).noneMatch(ca -> pins.contains(SpkiPin.of(ca)))) {
      throw new IssueException(
          IssueException.Kind.REFUSED, "The certificate's chain does not end in the pinned CA");
    }
    files.save(key.getPrivate(), issued);
    doubted = false;
    note(leaf, issued.at());
    LOG.atInfo().addKeyValue("until", leaf.getNotAfter().toInstant()).log("certificate stored");
    return new Credentials(key.getPrivate(), chain);
  }

  /// A certificate's times are by the controller's clock. Where this one tells another time, it is
  /// read with the difference, until the next certificate.
  private void note(X509Certificate leaf, Instant issuedAt) {
    Instant here = clock.instant();
    skew = Duration.between(here, issuedAt);
    boolean early = here.isBefore(leaf.getNotBefore().toInstant());
    boolean late = here.isAfter(leaf.getNotAfter().toInstant());
    if (early || late) {
      LOG.atWarn()
          .log(
              "By this box's clock ({}) its new certificate {}: the clock is {} {} the"
                  + " controller's. Going by the controller's; set the wrong one right",
              here,
              early ? "is not valid yet" : "has expired already",
              skew.abs().truncatedTo(ChronoUnit.SECONDS),
              early ? "behind" : "ahead of");
    } else if (skew.abs().compareTo(SMALL) < 0) {
      skew = Duration.ZERO;
    }
  }

  private Instant now() {
    return clock.instant().plus(skew);
  }

  private boolean expired(X509Certificate leaf) {
    return now().isAfter(leaf.getNotAfter().toInstant());
  }

  private boolean renewalDue(X509Certificate leaf) {
    Instant from = leaf.getNotBefore().toInstant();
    Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
    return !now().isBefore(from.plusMillis((long) (life.toMillis() * renewAtShare)));
  }
}
