package dev.salvor.controller.provider;

import dev.salvor.common.unit.InstanceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The account's SSH keys, which each new rental gets, and those of one rental.
public interface SshKeys {

  List<Key> list() throws ProviderException;

  /// Harmless to repeat: a key that is there already is not added twice.
  void use(String publicKey) throws ProviderException;

  void remove(long key) throws ProviderException;

  List<Key> of(InstanceId instance) throws ProviderException;

  /// Gives a running rental a key; harmless to repeat. The box may take seconds to accept it.
  void attach(InstanceId instance, String publicKey) throws ProviderException;

  void detach(InstanceId instance, long key) throws ProviderException;

  /// One public key.
  ///
  /// @param text in the form of authorized_keys
  record Key(long id, String text, Optional<Instant> created) {

    /// Same type and same key; what follows in the text is a comment.
    public boolean sameAs(String other) {
      String[] mine = text.strip().split("\\s+", 3);
      String[] theirs = other.strip().split("\\s+", 3);
      return mine.length >= 2
          && theirs.length >= 2
          && mine[0].equals(theirs[0])
          && mine[1].equals(theirs[1]);
    }
  }
}
