package dev.salvor.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.StateDir;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The sandbox of a state directory, as the demo starts, finds and ends it.
///
/// @param url where it answers
/// @param key the account's key there
/// @param pid its process; 0 where it did not say
record Market(URI url, String key, long pid) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A demo's market that nobody asks anything any more ends by itself.
  private static final int IDLE_MINUTES = 10;

  private static final int TIMEOUT_MS = 5000;
  private static final int OK = 200;
  private static final Duration END = Duration.ofSeconds(60);

  /// What it says of itself, if it answers.
  static Optional<Market> find(StateDir dir) {
    return read(dir).filter(Market::answers);
  }

  /// Finds it or starts it; one that had ended goes on where it was.
  static Market open(StateDir dir, Path bundle, DemoPlan plan) throws Failure, DeskException {
    Optional<Market> running = find(dir);
    if (running.isPresent()) {
      return running.get();
    }
    List<String> args =
        new ArrayList<>(
            List.of(
                "sandbox",
                "--state-dir",
                dir.market().toString(),
                "--bundle",
                bundle.toString(),
                "--seed",
                Long.toString(plan.seed()),
                "--idle-exit",
                Integer.toString(IDLE_MINUTES)));
    if (plan.bare()) {
      args.add("--bare");
    }
    return Background.start("the sandbox", args, dir.marketLog(), pid -> noted(dir, pid));
  }

  /// Arms what shall go wrong.
  void arm(String faults) throws Failure {
    try {
      int status = request("POST", "/sandbox/faults", faults).status();
      if (status != OK) {
        throw new Failure(
            Exit.PLATFORM,
            "Cannot arm the demo's fault %s: the sandbox answered %d. Its log says more."
                .formatted(faults, status));
      }
    } catch (IOException e) {
      throw new Failure(
          Exit.PLATFORM,
          "Cannot arm the demo's fault: the sandbox at %s does not answer: %s. Run the same command again."
              .formatted(url, e),
          e);
    }
  }

  /// Ends it and every box of its; waits until it is gone.
  void close() throws Failure {
    try {
      Reply _ = request("POST", "/sandbox/shutdown", "");
    } catch (IOException _) {
      // It may end before it has answered: only its process tells.
    }
    if (pid > 0 && !Background.ended(pid, END)) {
      throw new Failure(
          Exit.INTERNAL,
          "Cannot close the demo's market: pid %d still runs %d s after it was asked to end. End it with 'kill %d'."
              .formatted(pid, END.toSeconds(), pid));
    }
  }

  /// Whether it lists no instance; not where it does not answer.
  boolean isEmpty() {
    try {
      Reply reply = request("GET", "/api/v1/instances/", "");
      return reply.status() == OK
          && JSON.readTree(reply.body()).path("total_instances").asInt(1) == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private boolean answers() {
    try {
      return request("GET", "/sandbox/info", "").status() == OK;
    } catch (IOException _) {
      return false;
    }
  }

  private Reply request(String method, String path, String body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.resolve(path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Authorization", "Bearer " + key);
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    try {
      if (!body.isEmpty()) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      int status = connection.getResponseCode();
      String answer =
          status == OK
              ? new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              : "";
      return new Reply(status, answer);
    } finally {
      connection.disconnect();
    }
  }

  /// Its own word of where it is does not say which process it is: we note that beside it.
  private static Optional<Market> noted(StateDir dir, long pid) throws Failure {
    Optional<Market> found = read(dir).filter(Market::answers);
    if (found.isEmpty()) {
      return found;
    }
    try {
      Files.writeString(dir.marketPid(), Long.toString(pid));
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot write %s: %s. Make room there; the sandbox runs as pid %d."
              .formatted(dir.marketPid(), e, pid),
          e);
    }
    return Optional.of(new Market(found.get().url(), found.get().key(), pid));
  }

  private static Optional<Market> read(StateDir dir) {
    Path file = dir.market().resolve("endpoint.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(file.toFile());
      String pid = Files.exists(dir.marketPid()) ? Files.readString(dir.marketPid()) : "0";
      String url = json.path("url").asText();
      return url.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Market(URI.create(url), json.path("api_key").asText(), Long.parseLong(pid)));
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// A status, and for 200 the body.
  private record Reply(int status, String body) {}
}
