package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Arms faults in a demo's market as soon as it answers, before anything is rented there.
final class Sabotage {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Sabotage() {}

  static void arm(Place place, String faults) throws Exception {
    Path file = place.state().resolve("market").resolve("endpoint.json");
    int status =
        Until.given("the market takes the fault " + faults, PATIENCE, () -> answer(file, faults));
    assertThat(status).isEqualTo(200);
  }

  private static Optional<Integer> answer(Path file, String faults) throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      JsonNode endpoint = JSON.readTree(Files.readAllBytes(file));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(endpoint.path("url").asText()).resolve("/sandbox/faults"))
              .header("Authorization", "Bearer " + endpoint.path("api_key").asText())
              .POST(HttpRequest.BodyPublishers.ofString(faults))
              .build();
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
