package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;

/// Who owns the account, at the platform's own page: does what nobody at this machine was told of.
final class Owner {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Owner() {}

  /// Presses start, until the machine is free for it.
  static void start(Place place, long instance) throws Exception {
    JsonNode endpoint =
        new ObjectMapper()
            .readTree(Files.readAllBytes(place.state().resolve("market/endpoint.json")));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(endpoint.path("url").asText())
                      .resolve("/api/v0/instances/" + instance + "/"))
              .header("Authorization", "Bearer " + endpoint.path("api_key").asText())
              .PUT(HttpRequest.BodyPublishers.ofString("{\"state\":\"running\"}"))
              .build();
      Until.holds("instance " + instance + " may start", PATIENCE, () -> starts(http, request));
    }
  }

  private static boolean starts(HttpClient http, HttpRequest request) throws Exception {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().contains("true");
  }
}
