package dev.salvor.common.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/// Who gives a certificate for a key: the controller at the other end of a dial. Chains are leaf
/// first.
public interface CertificateIssuer {
  /// By the join token. Idempotent for the same key.
  List<X509Certificate> enrol(byte[] csrDer) throws IssueException;

  /// By the present certificate, for a new key.
  List<X509Certificate> renew(byte[] csrDer, Credentials present) throws IssueException;
}
