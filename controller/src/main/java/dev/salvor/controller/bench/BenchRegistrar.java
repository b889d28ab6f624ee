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
    return issue(csrDer, new RunId(application.run()), new RentalRef(application.generation(), 1));
  }

  @Override
  public Admission renew(Caller caller, byte[] csrDer) {
    return issue(csrDer, caller.run(), caller.rental());
  }

  private Admission issue(byte[] csrDer, RunId run, RentalRef rental) {
    try {
      Identity identity = new Identity(authority.fleet(), run, rental);
      return new Admitted(authority.issue(CertificateRequest.read(csrDer), identity));
    } catch (CaException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<Caller> recognise(X509Certificate peer) {
    return authority.identify(peer).map(identity -> new Caller(identity.run(), identity.rental()));
  }

  @Override
  public boolean admits(Caller caller) {
    return true;
  }
}
