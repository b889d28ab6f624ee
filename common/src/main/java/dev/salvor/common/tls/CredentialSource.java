package dev.salvor.common.tls;

/// Who has this process's credentials, and gets them where they are missing or run out.
@FunctionalInterface
public interface CredentialSource {
  /// Asked at each dial; goes to the issuer only when it must.
  Credentials credentials(CertificateIssuer issuer) throws IssueException;

  /// The peer would not have the credentials that it was shown, whatever this clock says of them.
  default void doubted() {}
}
