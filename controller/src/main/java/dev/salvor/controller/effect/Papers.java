package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.provider.Provider;

/// What a new rental is sent out with: its label, its start-up script, its single-use token.
public interface Papers {

  /// Durable before it returns: the token must be known before the box can use it.
  Provider.CreateRequest write(RunId run, RunSpec spec, Effect.Create create)
      throws PapersException;

  /// The papers could not be written; nothing was rented.
  final class PapersException extends Exception {
    public PapersException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
