package dev.salvor.agent.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.salvor.agent.core.AgentEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RentalStopTest {
  private static final String KEY = "k-0123456789";

  private final List<String> asked = new ArrayList<>();
  private HttpServer platform;
  private int status = 200;
  private String answer = "{\"success\": true, \"msg\": \"stopping\"}";
  private String elsewhere = "";

  @BeforeEach
  void start() throws IOException {
    platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    platform.createContext("/", this::handle);
    platform.start();
  }

  @AfterEach
  void stop() {
    platform.stop(0);
  }

  @Test
  void asks_for_its_own_instance_to_be_stopped_with_the_box_key_in_the_header() {
    assertThat(ask()).isEqualTo(new AgentEvent.RentalStopped());
    assertThat(asked)
        .containsExactly("PUT /api/v0/instances/7001/ Bearer " + KEY + " {\"state\":\"stopped\"}");
  }

  @Test
  void answer_that_is_no_yes_is_a_failure_in_the_platforms_words_without_the_key() {
    answer = "{\"success\": false, \"msg\": \"no such key " + KEY + "\"}";
    AgentEvent.RentalNotStopped refused = (AgentEvent.RentalNotStopped) ask();
    assertThat(refused.why()).contains("200", "no such key ***").doesNotContain(KEY);
    status = 403;
    assertThat(((AgentEvent.RentalNotStopped) ask()).why()).contains("403");
  }

  @Test
  void redirect_is_not_followed_with_the_key() {
    status = 302;
    elsewhere = "http://127.0.0.1:" + platform.getAddress().getPort() + "/stolen";

    assertThat(ask()).isInstanceOf(AgentEvent.RentalNotStopped.class);
    assertThat(asked).hasSize(1);
  }

  @Test
  void platform_that_is_away_is_a_failure() {
    BoxKey key = key(Map.of());
    platform.stop(0);

    AgentEvent event = new RentalStop(key, _ -> {}).ask();
    assertThat(((AgentEvent.RentalNotStopped) event).why()).contains("Cannot reach the platform");
  }

  @Test
  void key_is_used_over_https_or_on_this_machine_only_and_never_printed() {
    assertThat(BoxKey.of(Map.of("CONTAINER_ID", "7", "CONTAINER_API_KEY", KEY)))
        .hasValueSatisfying(k -> {
          assertThat(k.instanceUrl()).hasToString("https://console.vast.ai/api/v0/instances/7/");
          assertThat(k.toString()).doesNotContain(KEY);
        });
    assertThat(of(Map.of("SALVOR_PLATFORM", "http://example.org"))).isFalse();
    assertThat(of(Map.of("CONTAINER_ID", "../users"))).isFalse();
    assertThat(of(Map.of("CONTAINER_API_KEY", ""))).isFalse();
    assertThat(of(Map.of())).isTrue();
  }

  private static boolean of(Map<String, String> other) {
    Map<String, String> env = new HashMap<>(Map.of("CONTAINER_ID", "7", "CONTAINER_API_KEY", KEY));
    env.putAll(other);
    return BoxKey.of(env).isPresent();
  }

  private AgentEvent ask() {
    return new RentalStop(key(Map.of()), _ -> {}).ask();
  }

  private BoxKey key(Map<String, String> other) {
    Map<String, String> env =
        new HashMap<>(
            Map.of(
                "CONTAINER_ID",
                "7001",
                "CONTAINER_API_KEY",
                KEY,
                "SALVOR_PLATFORM",
                "http://127.0.0.1:" + platform.getAddress().getPort()));
    env.putAll(other);
    return BoxKey.of(env).orElseThrow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          "%s %s %s %s"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  exchange.getRequestHeaders().getFirst("Authorization"),
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      if (!elsewhere.isEmpty()) {
        exchange.getResponseHeaders().set("Location", elsewhere);
      }
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
