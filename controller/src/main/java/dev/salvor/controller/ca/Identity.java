package dev.salvor.controller.ca;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.RentalRef;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who speaks: one rental of one run of one fleet. In a certificate it is the only name,
/// `salvor://<fleet>/<run>/<generation>/<attempt>`.
public record Identity(String fleet, RunId run, RentalRef rental) {
  private static final Pattern FLEET = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
  private static final Pattern URI =
      Pattern.compile("salvor://([a-z0-9-]+)/([a-z0-9_-]+)/([1-9][0-9]{0,8})/([1-9][0-9]{0,8})");

  /// GeneralName's number for a URI (RFC 5280, 4.2.1.6).
  private static final int URI_NAME = 6;

  public Identity {
    if (!FLEET.matcher(fleet).matches()) {
      throw new IllegalArgumentException("Not a fleet name (a-z, 0-9, '-', at most 40): " + fleet);
    }
  }

  public String uri() {
    return "salvor://%s/%s/%d/%d".formatted(fleet, run, rental.generation(), rental.attempt());
  }

  /// The identity in a peer's certificate; empty where it carries none, or anything beside it.
  public static Optional<Identity> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null || names.size() != 1) {
        return Optional.empty();
      }
      List<?> name = names.iterator().next();
      return name.get(0).equals(URI_NAME) ? parse(name.get(1).toString()) : Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }

  /// Empty where the text is not exactly what `uri` writes.
  public static Optional<Identity> parse(String uri) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var rental =
          new RentalRef(Integer.parseInt(parts.group(3)), Integer.parseInt(parts.group(4)));
      return Optional.of(new Identity(parts.group(1), new RunId(parts.group(2)), rental));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
