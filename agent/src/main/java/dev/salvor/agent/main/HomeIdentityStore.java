package dev.salvor.agent.main;

import dev.salvor.agent.identity.IdentityStore;
import dev.salvor.agent.state.HomeDir;
import java.io.IOException;
import java.util.Optional;

/// The identity's files, in the agent's home.
record HomeIdentityStore(HomeDir home) implements IdentityStore {
  @Override
  public Optional<String> read(String name) throws IOException {
    return home.read(name);
  }

  @Override
  public void write(String name, String text) throws IOException {
    home.write(name, text);
  }
}
