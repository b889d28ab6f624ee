package dev.salvor.controller.ca;

import dev.salvor.common.unit.Sha256;
import java.time.Instant;

/// What is kept of a join token: its hash, whom it is for, and what became of it.
public record TokenRow(Sha256 hash, Identity identity, State state) {

  /// What a token is good for.
  public sealed interface State {}

  /// Nobody used it yet; good until then.
  public record Armed(Instant until) implements State {}

  /// Spent, by that key, which is bound to it from then on.
  public record Used(Sha256 key, Instant at, JoinSequence sequence) implements State {
    Used with(JoinSequence next) {
      return new Used(key, at, next);
    }
  }

  /// Two boxes came with the same key: it is good for neither.
  public record Quarantined(Sha256 key, Instant at) implements State {}

  TokenRow with(State next) {
    return new TokenRow(hash, identity, next);
  }
}
