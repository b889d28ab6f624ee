package dev.salvor.controller.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// HTTP on loopback for machines that watch: `/healthz`, `/metrics`, and where a secret is set
/// `/vast`, which takes the platform's signed webhooks. A webhook only makes the controller look at
/// once; what it says is not believed.
public final class MonitorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MonitorServer.class);
  private static final int BACKLOG = 32;

  /// A webhook is a few lines of JSON.
  private static final int MAX_BODY = 64 << 10;

  private static final int OK = 200;
  private static final int DENIED = 403;
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;
  private static final int UNWELL = 503;

  private final HttpServer http;
  private final Watchers watchers;
  private final Optional<Secret> secret;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private MonitorServer(HttpServer http, Watchers watchers, Optional<Secret> secret) {
    this.http = http;
    this.watchers = watchers;
    this.secret = secret;
  }

  /// Binds and answers.
  ///
  /// @param secret that the platform signs its webhooks with; empty takes none
  public static MonitorServer start(
      InetSocketAddress address, Watchers watchers, Optional<Secret> secret) throws IOException {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IOException(
          "Cannot listen on %s: the monitor has no password, so it listens on loopback only. Put a proxy before it."
              .formatted(address));
    }
    MonitorServer server = new MonitorServer(HttpServer.create(address, BACKLOG), watchers, secret);
    server.http.setExecutor(server.threads);
    server.http.createContext("/", server::handle);
    server.http.start();
    return server;
  }

  public int port() {
    return http.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = reply(exchange);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// A status and a text.
  private record Reply(int status, String body) {}

  private Reply reply(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean reads = exchange.getRequestMethod().equals("GET");
    return switch (path) {
      case "/healthz" -> reads ? health() : new Reply(WRONG_METHOD, "GET\n");
      case "/metrics" -> reads ? metrics() : new Reply(WRONG_METHOD, "GET\n");
      case "/vast" -> reads ? new Reply(WRONG_METHOD, "POST\n") : webhook(exchange);
      default -> new Reply(NOT_FOUND, "/healthz, /metrics\n");
    };
  }

  private Reply health() {
    try {
      return new Reply(OK, "ok, %d runs\n".formatted(watchers.runs().size()));
    } catch (IllegalStateException e) {
      return new Reply(UNWELL, e.getMessage() + "\n");
    }
  }

  private Reply metrics() {
    try {
      return new Reply(OK, Metrics.of(watchers.runs()));
    } catch (IllegalStateException e) {
      return new Reply(UNWELL, e.getMessage() + "\n");
    }
  }

  private Reply webhook(HttpExchange exchange) throws IOException {
    if (secret.isEmpty()) {
      return new Reply(NOT_FOUND, "no secret is set\n");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
    String claimed =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Vast-Signature-256"))
            .orElse("");
    if (!Signature.holds(secret.get(), body, claimed)) {
      LOG.atWarn().setMessage("A webhook with a wrong signature").log();
      return new Reply(DENIED, "wrong signature\n");
    }
    watchers.look();
    return new Reply(OK, "looking\n");
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
