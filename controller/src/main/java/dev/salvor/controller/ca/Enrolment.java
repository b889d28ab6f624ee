package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.ca.JoinTokens.Granted;
import dev.salvor.controller.ca.JoinTokens.Refusal;
import dev.salvor.controller.ca.JoinTokens.Refused;
import dev.salvor.controller.ca.JoinTokens.Spending;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/// Turns a token and a key into a certificate, if the provider lists the rental that it is for.
public final class Enrolment {
  private final CertificateAuthority authority;
  private final JoinTokens tokens;
  private final Function<Identity, Standing> standing;

  /// @param standing how that rental stands now
  public Enrolment(
      CertificateAuthority authority, JoinTokens tokens, Function<Identity, Standing> standing) {
    this.authority = authority;
    this.tokens = tokens;
    this.standing = standing;
  }

  /// The claim is who the box thinks it is: compared with the token's row, never believed.
  public Answer enrol(byte[] csrDer, JoinToken token, Claim claim) throws CaException {
    CertificateRequest request = CertificateRequest.read(csrDer);
    Sha256 key = request.keyDigest();
    Spending foreseen = tokens.look(token, key);
    if (foreseen instanceof Refused refused && refused.why() == Refusal.EXPIRED) {
      foreseen = armed(token, key, claim);
    }
    if (foreseen instanceof Granted granted) {
      if (!claim.fits(granted.identity())) {
        return new No(Reason.TOKEN_UNKNOWN);
      }
      switch (standing.apply(granted.identity())) {
        // Before it is spent: a box that the provider lists a moment later may still use it.
        case NOT_LISTED -> {
          return new No(Reason.NOT_LISTED);
        }
        case GONE -> {
          tokens.forget(granted.identity());
          return new No(Reason.REVOKED);
        }
        case LISTED, CURRENT -> {
          // Admitted below.
        }
      }
    }
    return answer(request, tokens.spend(token, key, claim.joinSeq()));
  }

  /// Its image took longer to pull than the token lasts: while the provider shows the run's present
  /// box loading or running, that is no fault of the box.
  private Spending armed(JoinToken token, Sha256 key, Claim claim) throws CaException {
    var whose = tokens.identity(token);
    if (whose.isPresent()
        && claim.fits(whose.get())
        && standing.apply(whose.get()) == Standing.CURRENT) {
      boolean _ = tokens.arm(whose.get());
    }
    return tokens.look(token, key);
  }

  /// A new certificate for one who showed a valid one.
  ///
  /// @param joinSeq the join sequence that the box holds
  public Answer renew(byte[] csrDer, Identity identity, long joinSeq) throws CaException {
    return answer(CertificateRequest.read(csrDer), tokens.renew(identity, joinSeq));
  }

  /// Whether two boxes were found to speak as this one.
  public boolean quarantined(Identity identity) {
    return tokens.quarantined(identity);
  }

  private Answer answer(CertificateRequest request, Spending spending) {
    return switch (spending) {
      case Granted granted ->
          new Yes(authority.issue(request, granted.identity()), granted.joinSeq());
      case Refused refused ->
          new No(
              switch (refused.why()) {
                case UNKNOWN -> Reason.TOKEN_UNKNOWN;
                case USED -> Reason.TOKEN_USED;
                case EXPIRED -> Reason.TOKEN_EXPIRED;
                case QUARANTINED -> Reason.QUARANTINED;
              });
    };
  }

  /// Who a box says it is.
  ///
  /// @param joinSeq the join sequence that it says it holds; 0 for none
  public record Claim(String run, int generation, long joinSeq) {
    boolean fits(Identity identity) {
      return identity.run().value().equals(run) && identity.rental().generation() == generation;
    }
  }

  /// What an enrolment came to.
  public sealed interface Answer {}

  /// Enrolled; leaf first, and the join sequence to show the next time.
  public record Yes(List<X509Certificate> chain, long joinSeq) implements Answer {
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
    NOT_LISTED,
    REVOKED,
    QUARANTINED
  }
}
