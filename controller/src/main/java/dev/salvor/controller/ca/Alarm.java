package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;

/// Something that a person should hear of: an identity is in hands that it was not given to.
public sealed interface Alarm {
  Identity box();

  /// Another key showed a token that was spent: a copied token, or a box that lost its key.
  ///
  /// @param key which one, by its digest
  record Reused(Identity box, Sha256 key) implements Alarm {}

  /// The right key came with a number that is neither the last one acknowledged nor the last one
  /// issued: its disk was copied, or put back. Nobody is admitted by it any more.
  record Cloned(Identity box, long shown, JoinSequence known) implements Alarm {}
}
