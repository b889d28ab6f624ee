package dev.salvor.controller.bench;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.ca.CaException;
import dev.salvor.controller.ca.CertificateAuthority;
import dev.salvor.controller.ca.CertificateRequest;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.Registrar;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Certifies every box that asks, by a real authority: on loopback, for boxes that the bench itself
/// starts.
record BenchRegistrar(CertificateAuthority authority) implements Registrar {

  @Override
  public Admission enrol(byte[] csrDer, Application application) {
    RentalRef rental = new RentalRef(application.generation(), 1);
    return issue(csrDer, new Caller(new RunId(application.run()), rental), application.joinSeq());
  }

  @Override
  public Admission renew(Caller caller, byte[] csrDer, long joinSeq) {
    return issue(csrDer, caller, joinSeq);
  }

  private Admission issue(byte[] csrDer, Caller caller, long joinSeq) {
    try {
      Identity identity = new Identity(authority.fleet(), caller.run(), caller.rental());
      return new Admitted(authority.issue(CertificateRequest.read(csrDer), identity), joinSeq + 1);
    } catch (CaException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<Caller> recognise(X509Certificate peer) {
    return authority.identify(peer).map(identity -> new Caller(identity.run(), identity.rental()));
  }

  @Override
  public Footing footing(Caller caller) {
    return Footing.ADMITTED;
  }
}
