package dev.salvor.controller.provider.vast;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.provider.Marketplace;
import dev.salvor.controller.provider.MarketplaceContract;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderContract;
import java.io.IOException;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/// The vast provider against recorded shapes of the platform's answers.
class VastProviderContractTest {
  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(new FakeMarket(Platform.KEY));
    server.start();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private VastProvider with(Secret key) {
    return new VastProvider(VastConfig.of("http://127.0.0.1:" + server.getPort(), key));
  }

  /// What the loop needs.
  @Nested
  class ForTheLoop extends ProviderContract {
    @Override
    protected Provider provider() {
      return with(Platform.KEY);
    }

    @Override
    protected Provider strangersProvider() {
      return with(new Secret("somebody-elses"));
    }
  }

  /// What people ask for besides.
  @Nested
  class ForPeople extends MarketplaceContract {
    @Override
    protected Marketplace market() {
      return with(Platform.KEY).marketplace();
    }

    @Override
    protected Marketplace strangersMarket() {
      return with(new Secret("somebody-elses")).marketplace();
    }
  }
}
