package dev.salvor.controller.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.market.Pace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A sandbox under test and a client that speaks to it as any customer would.
final class SandboxRig implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Path home;
  private final Optional<Sandbox> own;

  /// Its own, so that no connection to an earlier sandbox at the same address is used again.
  private final HttpClient http = HttpClient.newHttpClient();

  final String url;
  final String key;

  private SandboxRig(Path home, Optional<Sandbox> own, String url, String key) {
    this.home = home;
    this.own = own;
    this.url = url;
    this.key = key;
  }

  /// In this process, with starts that take no time.
  static SandboxRig open(Path home, SandboxConfig.Manner manner) throws Exception {
    Sandbox sandbox = Sandbox.open(config(home, manner));
    return new SandboxRig(home, Optional.of(sandbox), sandbox.url(), sandbox.apiKey());
  }

  static SandboxRig open(Path home) throws Exception {
    return open(home, manner(false, false));
  }

  /// One that runs elsewhere.
  static SandboxRig at(Path home, JsonNode endpoint) {
    return new SandboxRig(
        home, Optional.empty(), endpoint.path("url").asText(), endpoint.path("api_key").asText());
  }

  static SandboxConfig.Manner manner(boolean limits, boolean plain) {
    return new SandboxConfig.Manner(limits, new Pace(Duration.ZERO, Duration.ofMillis(20)), plain);
  }

  static SandboxConfig config(Path home, SandboxConfig.Manner manner) throws IOException {
    Path bundle = Files.createDirectories(home.resolve("bundle"));
    Files.writeString(bundle.resolve("agent.jar"), "a jar\n");
    return new SandboxConfig(
        home.resolve("state"), 0, bundle, Optional.empty(), 7, true, Duration.ZERO, manner);
  }

  Path state() {
    return home.resolve("state");
  }

  Path disk(long id) {
    return state().resolve("boxes").resolve(Long.toString(id)).resolve("disk");
  }

  HttpResponse<String> send(String method, String path, String body, String auth)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!auth.isEmpty()) {
      request.header("Authorization", "Bearer " + auth);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(method, path, body, key);
  }

  JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
    return JSON.readTree(send(method, path, body).body());
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return call("GET", path, "");
  }

  JsonNode show(long id) throws IOException, InterruptedException {
    return get("/api/v0/instances/" + id + "/?owner=me").path("instances");
  }

  /// The cheapest offer of its kind.
  JsonNode offer(String type) throws IOException, InterruptedException {
    String query = "{\"type\":\"" + type + "\",\"limit\":1,\"order\":[[\"dph_total\",\"asc\"]]}";
    return call("POST", "/api/v0/bundles/", query).path("offers").path(0);
  }

  /// Rents the cheapest machine well over its least bid; `more` is further JSON fields.
  long rent(String onstart, String more) throws IOException, InterruptedException {
    JsonNode offer = offer("bid");
    var body = JSON.createObjectNode();
    body.put("client_id", "me").put("image", "test/image").put("disk", 10);
    body.put("price", offer.path("min_bid").asDouble() * 1.2).put("onstart", onstart);
    body.put("runtype", "ssh_direc ssh_proxy").put("label", "salvor:test");
    body.setAll((ObjectNode) JSON.readTree("{" + more + "}"));
    JsonNode made = call("PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body.toString());
    if (!made.path("success").asBoolean()) {
      throw new IllegalStateException("not rented: " + made);
    }
    return made.path("new_contract").asLong();
  }

  void awaitStatus(long id, String status) throws IOException, InterruptedException {
    await("instance " + id + " " + status, () -> status.equals(status(id)));
  }

  String status(long id) {
    try {
      return show(id).path("actual_status").asText();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<String> log() throws IOException, InterruptedException {
    return send("GET", "/sandbox/log", "").body().lines().toList();
  }

  static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /// Closes and leaves nothing behind.
  @Override
  public void close() throws SandboxException, IOException {
    if (own.isPresent()) {
      try {
        send("POST", "/sandbox/shutdown?wipe=true", "");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      own.get().close();
    }
  }

  /// Closes as a signal would: disks stay.
  void closeKeepingDisks() throws SandboxException {
    if (own.isPresent()) {
      own.get().close();
    }
  }
}
