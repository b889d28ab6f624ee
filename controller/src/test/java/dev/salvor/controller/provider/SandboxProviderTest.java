package dev.salvor.controller.provider;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The vast provider against the sandbox, whose boxes are real processes.
class SandboxProviderTest {
  private static final List<LocalMarket> OPEN = new java.util.ArrayList<>();

  @BeforeAll
  static void open(@TempDir Path dir) throws IOException {
    OPEN.add(LocalMarket.open(dir));
  }

  @AfterAll
  static void close() throws InterruptedException {
    OPEN.removeFirst().close();
  }

  /// What the loop needs.
  @Nested
  class ForTheLoop extends ProviderContract {
    @Override
    protected Provider provider() {
      return OPEN.getFirst().provider();
    }

    @Override
    protected Provider strangersProvider() {
      return OPEN.getFirst().stranger();
    }

    @Override
    protected void needToCopy() {
      Needs.tool("rsync");
    }
  }

  /// What people ask for besides.
  @Nested
  class ForPeople extends MarketplaceContract {
    @Override
    protected Marketplace market() {
      return OPEN.getFirst().provider().marketplace();
    }

    @Override
    protected Marketplace strangersMarket() {
      return OPEN.getFirst().stranger().marketplace();
    }
  }
}
