package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/// The platform as a list of recorded answers, given one after another.
final class Platform implements AutoCloseable {
  static final Secret KEY = new Secret("the-account-key");
  final MockWebServer server = new MockWebServer();
  final FakeTicks ticks = new FakeTicks();

  Platform() throws IOException {
    server.start();
  }

  VastProvider provider() {
    return new VastProvider(config(Pacing.NONE, Duration.ofSeconds(10)), ticks);
  }

  /// Gives up on its own clock, the real one, after 300 ms.
  VastProvider hastyProvider() {
    return new VastProvider(config(Pacing.NONE, Duration.ofMillis(300)), Ticks.SYSTEM);
  }

  VastProvider pacedProvider(Duration deadline) {
    return new VastProvider(config(Pacing.PLATFORM, deadline), ticks);
  }

  void answers(int status, String body) {
    server.enqueue(
        new MockResponse.Builder()
            .code(status)
            .addHeader("Content-Type", "application/json")
            .body(body)
            .build());
  }

  void answers(MockResponse.Builder answer) {
    server.enqueue(answer.build());
  }

  RecordedRequest asked() throws InterruptedException {
    RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("No request came");
    }
    return request;
  }

  /// The body of the next request.
  JsonNode body() throws InterruptedException, IOException {
    return body(asked());
  }

  static JsonNode body(RecordedRequest request) throws IOException {
    if (request.getBody() == null) {
      throw new AssertionError("The request had no body: " + request);
    }
    return Wire.JSON.readTree(request.getBody().toByteArray());
  }

  @Override
  public void close() {
    server.close();
  }

  private VastConfig config(Pacing pacing, Duration deadline) {
    return new VastConfig("http://127.0.0.1:" + server.getPort(), KEY, pacing, deadline);
  }
}
