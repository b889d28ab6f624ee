package dev.salvor.controller.sandbox.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// HTTP on loopback: takes requests apart, finds out who asks, sends answers.
public final class RestServer implements AutoCloseable {
  /// The largest request is a create: 32 kB of environment and 4 kB of script.
  private static final int MAX_BODY = 1 << 20;

  private static final int BACKLOG = 128;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile long lastCallNanos = System.nanoTime();

  private RestServer(HttpServer http) {
    this.http = http;
  }

  /// Binds, but answers only after [#serve]: who answers wants to know the address.
  public static RestServer bind(int port) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new RestServer(HttpServer.create(address, BACKLOG));
  }

  public int port() {
    return http.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /// When the API was last called, by `System.nanoTime`.
  public long lastCallNanos() {
    return lastCallNanos;
  }

  public void serve(Market market, Desk desk) {
    var router = new Router(market, Routes.all(market, desk), new RateLimits(desk.rateLimits()));
    http.setExecutor(threads);
    http.createContext("/", exchange -> handle(exchange, market, router));
    http.start();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange, Market market, Router router) throws IOException {
    lastCallNanos = System.nanoTime();
    try (exchange) {
      Answer answer;
      try {
        answer = router.answer(call(exchange, market));
      } catch (Refusal refusal) {
        answer = Answer.json(refusal.status(), refusal.body());
      }
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Call call(HttpExchange exchange, Market market) throws IOException, Refusal {
    byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw new Refusal(413, "invalid_args", "The request is over 1 MiB.");
    }
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    List<String> path =
        Arrays.stream(exchange.getRequestURI().getPath().split("/", -1))
            .filter(word -> !word.isEmpty())
            .toList();
    int version = -1;
    if (path.size() > 2 && path.getFirst().equals("api") && path.get(1).matches("v\\d")) {
      version = path.get(1).charAt(1) - '0';
      path = path.subList(2, path.size());
    }
    return new Call(
        exchange.getRequestMethod(),
        version,
        path,
        query,
        Call.parse(new String(bytes, StandardCharsets.UTF_8)),
        caller(exchange, query, market));
  }

  private static Call.Caller caller(HttpExchange exchange, Map<String, String> query, Market market)
      throws Refusal {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    String key =
        header != null && header.startsWith("Bearer ")
            ? header.substring("Bearer ".length()).strip()
            : query.getOrDefault("api_key", "");
    if (key.isEmpty()) {
      return new Call.Caller.Nobody();
    }
    if (key.equals(market.apiKey())) {
      return new Call.Caller.Account();
    }
    return new Call.Caller.Box(
        market
            .instanceOf(key)
            .orElseThrow(() -> new Refusal(404, "auth_error", "Invalid user key")));
  }

  private static Map<String, String> query(@Nullable String raw) {
    var query = new HashMap<String, String>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] sides = pair.split("=", 2);
        query.put(decode(sides[0]), sides.length > 1 ? decode(sides[1]) : "");
      }
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
