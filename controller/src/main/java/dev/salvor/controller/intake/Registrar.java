package dev.salvor.controller.intake;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Who may call, and how a box becomes one who may. May block on disk.
public interface Registrar {

  Admission enrol(byte[] csrDer, Application application);

  /// A new certificate for who showed a valid one.
  ///
  /// @param joinSeq the join sequence that the box holds
  Admission renew(Caller caller, byte[] csrDer, long joinSeq);

  /// Whom a certificate of a checked handshake names; empty where it names nobody of this fleet.
  Optional<Caller> recognise(X509Certificate peer);

  /// Whether a caller whose certificate is valid is listened to.
  Footing footing(Caller caller);

  /// How a caller stands.
  enum Footing {
    ADMITTED,
    /// Its rental is gone: its certificate may still be valid for minutes.
    REVOKED,
    /// Two boxes spoke as this one: neither is listened to.
    QUARANTINED
  }

  /// Who a box says it is, and the token it has. Nothing in it is believed.
  ///
  /// @param joinSeq the join sequence that it holds; 0 for none
  record Application(String token, String run, int generation, long joinSeq) {
    @Override
    public String toString() {
      return "Application[token=***, run=%s, generation=%d]".formatted(run, generation);
    }
  }

  /// What came of it.
  sealed interface Admission {}

  /// Leaf first, then the authority's; and the join sequence to show the next time.
  record Admitted(List<X509Certificate> chain, long joinSeq) implements Admission {
    public Admitted {
      chain = List.copyOf(chain);
    }
  }

  /// The join token does not do.
  record TokenRefused(Why why) implements Admission {}

  /// The request for a certificate is none.
  record Malformed(String why) implements Admission {}

  /// The controller could not: to be asked again.
  record Broken(String why) implements Admission {}

  /// Why a token does not do.
  enum Why {
    TOKEN_UNKNOWN,
    TOKEN_USED,
    TOKEN_EXPIRED,
    /// The provider does not list that rental yet.
    NOT_LISTED,
    /// The rental was erased.
    REVOKED,
    /// Two boxes came with the same key.
    QUARANTINED
  }
}
