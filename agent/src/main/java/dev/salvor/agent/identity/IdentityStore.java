package dev.salvor.agent.identity;

import java.io.IOException;
import java.util.Optional;

/// Where key and certificate lie: small files below the agent's home, written whole, 0600.
public interface IdentityStore {
  /// Empty where there is no such file.
  Optional<String> read(String name) throws IOException;

  void write(String name, String text) throws IOException;
}
