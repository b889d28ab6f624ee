package dev.salvor.controller.main;

import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.Enrolment;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.JoinToken;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.Registrar;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;

/// Joins the intake's question who may call to the authority's answer.
public final class CaRegistrar implements Registrar {
  private final CertificateAuthority authority;
  private final Enrolment enrolment;
  private final Predicate<Caller> admitted;

  /// @param admitted false once a rental is gone
  public CaRegistrar(
      CertificateAuthority authority, Enrolment enrolment, Predicate<Caller> admitted) {
    this.authority = authority;
    this.enrolment = enrolment;
    this.admitted = admitted;
  }

  @Override
  public Admission enrol(byte[] csrDer, Application application) {
    var claim =
        new Enrolment.Claim(application.run(), application.generation(), application.joinSeq());
    try {
      var token = new JoinToken(application.token());
      return admission(enrolment.enrol(csrDer, token, claim));
    } catch (CaException e) {
      return failed(e);
    }
  }

  @Override
  public Admission renew(Caller caller, byte[] csrDer, long joinSeq) {
    try {
      return admission(enrolment.renew(csrDer, identity(caller), joinSeq));
    } catch (CaException e) {
      return failed(e);
    }
  }

  private Identity identity(Caller caller) {
    return new Identity(authority.fleet(), caller.run(), caller.rental());
  }

  private static Admission admission(Enrolment.Answer answer) {
    return switch (answer) {
      case Enrolment.Yes yes -> new Admitted(yes.chain(), yes.joinSeq());
      case Enrolment.No no -> new TokenRefused(why(no.why()));
    };
  }

  private static Admission failed(CaException e) {
    return switch (e.kind()) {
      case BAD_REQUEST -> new Malformed(String.valueOf(e.getMessage()));
      case UNREADABLE, DAMAGED -> new Broken(String.valueOf(e.getMessage()));
    };
  }

  private static Why why(Enrolment.Reason reason) {
    return switch (reason) {
      case TOKEN_UNKNOWN -> Why.TOKEN_UNKNOWN;
      case TOKEN_USED -> Why.TOKEN_USED;
      case TOKEN_EXPIRED -> Why.TOKEN_EXPIRED;
      case NOT_LISTED -> Why.NOT_LISTED;
      case REVOKED -> Why.REVOKED;
      case QUARANTINED -> Why.QUARANTINED;
    };
  }

  @Override
  public Optional<Caller> recognise(X509Certificate peer) {
    return authority.identify(peer).map(identity -> new Caller(identity.run(), identity.rental()));
  }

  @Override
  public Footing footing(Caller caller) {
    if (enrolment.quarantined(identity(caller))) {
      return Footing.QUARANTINED;
    }
    return admitted.test(caller) ? Footing.ADMITTED : Footing.REVOKED;
  }
}
