package dev.salvor.controller.provider.vast;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderContract;
import java.io.IOException;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The vast provider against a small market in memory.
class VastProviderContractTest extends ProviderContract {
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

  @Override
  protected Provider provider() {
    return with(Platform.KEY);
  }

  @Override
  protected Provider strangersProvider() {
    return with(new Secret("somebody-elses"));
  }

  private Provider with(Secret key) {
    return new VastProvider(VastConfig.of("http://127.0.0.1:" + server.getPort(), key));
  }
}
