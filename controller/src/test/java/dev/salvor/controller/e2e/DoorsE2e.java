package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.testing.Needs;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Going to a box by hand: one of a run's, and one that somebody rented without Salvor.
class DoorsE2e {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Types on a terminal of its own.
  private static final List<String> ON_A_TERMINAL =
      List.of(
          "bash",
          "-c",
          "script -qec \"$(printf '%q ' \"$@\")\" /dev/null <<<'tty; pwd; echo $TERM; exit 3'",
          "bash");

  @BeforeAll
  static void tools() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
    List.of("unshare", "ssh", "ssh-keygen", "script").forEach(Needs::tool);
  }

  @Test
  void a_box_is_entered_by_run_or_by_number_whoever_rented_it() throws Exception {
    try (Place place = Place.open()) {
      Cli.Ended demo =
          place.run("demo", "--keep", "--job", ShellJob.saving(1), "--outbid-at", "never");
      assertThat(demo.code()).as(demo.err()).isZero();
      ofTheRun(place);
      onATerminal(place);
      nobodys(place);
    }
  }

  private static void ofTheRun(Place place) throws Exception {
    Cli.Ended status = exec(place, "demo", "--", "cat /work/summary.txt; exit 7");
    assertThat(status.code()).as(status.err()).isEqualTo(7);
    assertThat(status.out()).isEqualTo("saved 1\n");
    Cli.Ended words = exec(place, "7001", "--", "printf", "[%s]", "a b", "it's");
    assertThat(words.out()).as(words.err()).isEqualTo("[a b][it's]");
    assertThat(words.code()).isZero();

    Cli.Ended url = place.run("ssh-url", "demo");
    assertThat(url.out()).as(url.err()).matches("ssh://root@127\\.0\\.0\\.1:\\d+\n");
    String port = url.out().strip().substring(url.out().lastIndexOf(':') + 1);
    assertThat(place.run("ports", "7001").out()).contains("22/tcp", "127.0.0.1:" + port);
    Cli.Ended none = exec(place, "nobody", "--", "true");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.complaint()).contains("no run 'nobody'");
  }

  /// What follows "--" is the box's.
  private static Cli.Ended exec(Place place, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("exec", "--state-dir", place.state().toString()));
    all.addAll(List.of(words));
    return Cli.start(place.state(), List.of(), all).ended();
  }

  private static void onATerminal(Place place) throws Exception {
    Cli.Ended shell = place.startIn(ON_A_TERMINAL, "shell", "demo").ended();
    assertThat(shell.code()).as(shell.out() + shell.err()).isEqualTo(3);
    assertThat(shell.out())
        .contains("/dev/pts/", "/app")
        .contains("instance 7001 goes on (run demo), at $", "'salvor destroy 7001' ends it");
  }

  /// By the platform's key alone: another state directory, no controller.
  private static void nobodys(Place place) throws Exception {
    JsonNode market = JSON.readTree(place.state().resolve("market/endpoint.json").toFile());
    long box = rent(market);
    Path own = Files.createDirectory(place.beside("own"));
    List<String> account =
        List.of(
            "env",
            "VAST_URL=" + market.path("url").asText(),
            "VAST_API_KEY=" + market.path("api_key").asText(),
            "SALVOR_STATE_DIR=" + own);
    Until.holds(
        "it runs and takes the key",
        PATIENCE,
        () -> {
          Cli.Ended in =
              Cli.start(own, account, List.of("exec", "" + box, "--", "echo $HOME")).ended();
          return in.code() == 0 && in.out().equals("/root\n");
        });
    Cli.Ended gone = Cli.start(own, account, List.of("ssh-url", "99999")).ended();
    assertThat(gone.code()).isEqualTo(4);
    assertThat(gone.complaint()).contains("no instance 99999");
  }

  private static long rent(JsonNode market) throws Exception {
    JsonNode offer =
        call(
                market,
                "POST",
                "/api/v0/bundles/",
                "{\"limit\":1,\"type\":\"on-demand\",\"direct_port_count\":{\"gte\":1}}")
            .path("offers")
            .path(0);
    String body =
        "{\"client_id\":\"me\",\"image\":\"some/image\",\"disk\":8,\"runtype\":\"ssh_direc"
            + " ssh_proxy\",\"onstart\":\"true\",\"label\":\"by hand\"}";
    JsonNode made = call(market, "PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body);
    assertThat(made.path("success").asBoolean()).as(made.toString()).isTrue();
    return made.path("new_contract").asLong();
  }

  private static JsonNode call(JsonNode market, String method, String path, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(market.path("url").asText() + path))
            .header("Authorization", "Bearer " + market.path("api_key").asText())
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }
  }
}
