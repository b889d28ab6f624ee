package dev.salvor.controller.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.RunViews;
import dev.salvor.controller.view.Story;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What machines that watch see, and what they are told.
class MonitorTest {
  private static final Secret SECRET = new Secret("between us");
  private final Shown shown = new Shown();

  @Test
  void metrics_tell_verdict_frontier_exposure_burn_and_clocks() throws Exception {
    try (MonitorServer server = server(Optional.empty())) {
      HttpResponse<String> answer = get(server, "/metrics");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains(
              "# TYPE salvor_run_burn_dollars_per_hour gauge",
              "salvor_run_burn_dollars_per_hour{run=\"demo\"} 0.120000",
              "salvor_run_frontier_step{run=\"demo\"} 300",
              "salvor_run_phase{run=\"demo\",phase=\"training\"} 1",
              "verdict=\"alive\",console=\"Running\"} 1",
              "salvor_danger_clock_seconds{run=\"demo\",kind=\"budget\"");
      assertThat(answer.body().lines().filter(line -> line.startsWith("# TYPE")))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void health_is_whether_the_loop_answers() throws Exception {
    try (MonitorServer server = server(Optional.empty())) {
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
      shown.dead = true;
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(503);
      assertThat(get(server, "/").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void a_signed_webhook_makes_it_look_and_an_unsigned_one_does_not() throws Exception {
    byte[] body = "{\"event\":\"outbid\"}".getBytes(StandardCharsets.UTF_8);
    try (MonitorServer server = server(Optional.of(SECRET))) {
      assertThat(post(server, body, "sha256=00")).isEqualTo(403);
      assertThat(post(server, body, Signature.of(new Secret("guessed"), body))).isEqualTo(403);
      assertThat(shown.looks).hasValue(0);
      assertThat(post(server, body, Signature.of(SECRET, body))).isEqualTo(200);
      assertThat(shown.looks).hasValue(1);
    }
    try (MonitorServer server = server(Optional.empty())) {
      assertThat(post(server, body, Signature.of(SECRET, body))).isEqualTo(404);
    }
  }

  @Test
  void it_listens_on_loopback_only() {
    assertThatThrownBy(
            () -> MonitorServer.start(new InetSocketAddress("0.0.0.0", 0), shown, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("loopback only");
  }

  /// RFC 4231, test case 2.
  @Test
  void signatures_are_the_hmac_that_everybody_computes() {
    byte[] data = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);
    String digits = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assertThat(Signature.of(new Secret("Jefe"), data)).isEqualTo("sha256=" + digits);
    assertThat(Signature.holds(new Secret("Jefe"), data, digits)).isTrue();
  }

  @Test
  void each_notice_is_posted_once_and_signed() throws Exception {
    BlockingQueue<String> got = new ArrayBlockingQueue<>(10);
    HttpServer sink =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sink.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String claimed = exchange.getRequestHeaders().getFirst("X-Salvor-Signature-256");
          got.add(
              Signature.holds(SECRET, body, claimed)
                  + " "
                  + new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    sink.start();
    URI to = URI.create("http://127.0.0.1:%d/hook".formatted(sink.getAddress().getPort()));
    try (Webhook _ = Webhook.start(to, Optional.of(SECRET), shown)) {
      String first = got.poll(20, TimeUnit.SECONDS);
      assertThat(first).startsWith("true ").contains("\"run\":\"demo\"", "a meter runs", "end it");
      assertThat(got).isEmpty();
    } finally {
      sink.stop(0);
    }
  }

  private MonitorServer server(Optional<Secret> secret) throws IOException {
    return MonitorServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), shown, secret);
  }

  private static HttpResponse<String> get(MonitorServer server, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(server, path)).GET());
  }

  private static int post(MonitorServer server, byte[] body, String signature) throws Exception {
    return send(HttpRequest.newBuilder(uri(server, "/vast"))
            .header("X-Vast-Signature-256", signature)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
        .statusCode();
  }

  private static URI uri(MonitorServer server, String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /// One run that trains, with one notice.
  private static final class Shown implements Watchers {
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean dead;

    @Override
    public List<RunView> runs() {
      if (dead) {
        throw new IllegalStateException("The loop does not answer");
      }
      Story story = Story.training("demo");
      story.then(new Fact.Announced(story.now(), "burn-1.1", "a meter runs", "end it"));
      return List.of(RunViews.of(story.snapshot(), story.now()));
    }

    @Override
    public void look() {
      looks.incrementAndGet();
    }
  }
}
