package dev.salvor.common.tls;

/// Who gives a certificate for a key: the controller at the other end of a dial.
public interface CertificateIssuer {
  /// By the join token. Idempotent for the same key.
  ///
  /// @param joinSeq the number that came with the last certificate; 0 before the first
  Issued enrol(byte[] csrDer, long joinSeq) throws IssueException;

  /// By the present certificate, for a new key.
  Issued renew(byte[] csrDer, Credentials present, long joinSeq) throws IssueException;
}
