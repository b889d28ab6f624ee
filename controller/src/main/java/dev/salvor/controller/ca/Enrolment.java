package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.JoinTokens.Granted;
import dev.salvor.controller.ca.JoinTokens.Refused;
import dev.salvor.controller.ca.JoinTokens.Spending;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Predicate;

/// Turns a token and a key into a certificate, if the provider lists the rental that it is for.
public final class Enrolment {
  private final CertificateAuthority authority;
  private final JoinTokens tokens;
  private final Predicate<Identity> listed;

  /// @param listed whether the provider lists that rental now
  public Enrolment(CertificateAuthority authority, JoinTokens tokens, Predicate<Identity> listed) {
    this.authority = authority;
    this.tokens = tokens;
    this.listed = listed;
  }

  /// The claim is who the box thinks it is: compared with the token's row, never believed.
  public Answer enrol(byte[] csrDer, JoinToken token, Claim claim) throws CaException {
    CertificateRequest request = CertificateRequest.read(csrDer);
    Sha256 key = request.keyDigest();
    Spending foreseen = tokens.look(token, key);
    if (foreseen instanceof Granted granted) {
      if (!claim.fits(granted.identity())) {
        return new No(Reason.TOKEN_UNKNOWN);
      }
      // Before it is spent: a box that the provider lists a moment later may still use it.
      if (!listed.test(granted.identity())) {
        return new No(Reason.NOT_LISTED);
      }
    }
    return switch (tokens.spend(token, key)) {
      case Granted granted -> new Yes(authority.issue(request, granted.identity()));
      case Refused refused ->
          new No(
              switch (refused.why()) {
                case UNKNOWN -> Reason.TOKEN_UNKNOWN;
                case USED -> Reason.TOKEN_USED;
                case EXPIRED -> Reason.TOKEN_EXPIRED;
              });
    };
  }

  /// A new certificate for one who showed a valid one.
  public List<X509Certificate> renew(byte[] csrDer, Identity identity) throws CaException {
    return authority.issue(CertificateRequest.read(csrDer), identity);
  }

  /// Who a box says it is.
  public record Claim(String run, int generation) {
    boolean fits(Identity identity) {
      return identity.run().value().equals(run) && identity.rental().generation() == generation;
    }
  }

  /// What an enrolment came to.
  public sealed interface Answer {}

  /// Enrolled; leaf first.
  public record Yes(List<X509Certificate> chain) implements Answer {
    public Yes {
      chain = List.copyOf(chain);
    }
  }

  /// Not enrolled.
  public record No(Reason why) implements Answer {}

  /// Why a box is not enrolled.
  public enum Reason {
    TOKEN_UNKNOWN,
    TOKEN_USED,
    TOKEN_EXPIRED,
    NOT_LISTED
  }
}
