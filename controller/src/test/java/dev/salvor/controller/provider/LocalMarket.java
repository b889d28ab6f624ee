package dev.salvor.controller.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.provider.vast.VastConfig;
import dev.salvor.controller.provider.vast.VastProvider;
import dev.salvor.controller.sandbox.SandboxConfig;
import dev.salvor.controller.sandbox.SandboxException;
import dev.salvor.controller.sandbox.SandboxMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A sandbox of a test's own, whose boxes are real processes; closing it removes everything.
public final class LocalMarket {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI url;
  private final Secret key;
  private final Thread sandbox;

  private LocalMarket(URI url, Secret key, Thread sandbox) {
    this.url = url;
    this.key = key;
    this.sandbox = sandbox;
  }

  public static LocalMarket open(Path dir) throws IOException {
    Path bundle = Files.createDirectory(dir.resolve("bundle"));
    Path state = dir.resolve("state");
    Thread sandbox = Thread.ofPlatform().name("sandbox").start(() -> run(state, bundle));
    JsonNode endpoint = new ObjectMapper().readTree(awaitFile(state).toFile());
    URI url = URI.create(endpoint.path("url").asText());
    return new LocalMarket(url, new Secret(endpoint.path("api_key").asText()), sandbox);
  }

  /// Where it answers, and with which key, as the platform's own client is told.
  public Map<String, String> env() {
    return Map.of("VAST_URL", url.toString(), "VAST_API_KEY", key.reveal());
  }

  public VastProvider provider() {
    return new VastProvider(VastConfig.of(url.toString(), key));
  }

  VastProvider stranger() {
    return new VastProvider(VastConfig.of(url.toString(), new Secret("somebody-elses")));
  }

  public void close() throws InterruptedException {
    HttpRequest shutdown =
        HttpRequest.newBuilder(url.resolve("/sandbox/shutdown?wipe=true"))
            .header("Authorization", "Bearer " + key.reveal())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .timeout(PATIENCE)
            .build();
    // Closing may cut off its own answer; that it ends is what counts.
    try (HttpClient http = HttpClient.newHttpClient()) {
      http.sendAsync(shutdown, BodyHandlers.ofString()).handle((_, _) -> true).join();
    }
    assertThat(sandbox.join(PATIENCE)).as("the sandbox ended").isTrue();
  }

  private static void run(Path state, Path bundle) {
    try {
      SandboxMain.run(
          new SandboxConfig(state, 0, bundle, Optional.empty(), 7, true, Duration.ofMinutes(5)));
    } catch (SandboxException e) {
      throw new IllegalStateException("The sandbox did not open", e);
    }
  }

  private static Path awaitFile(Path state) {
    Path file = state.resolve("endpoint.json");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      assertThat(System.nanoTime() - end).as("waiting for the sandbox").isNegative();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return file;
  }
}
