package dev.salvor.controller.e2e;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A marketplace by itself, whose boxes come bare as on a real one, and a user who works in a
/// directory of his own.
final class Bazaar implements AutoCloseable {
  /// Copies of this run are what `Ending` looks at.
  static final String RUN = "demo";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration UP = Duration.ofSeconds(60);

  private final Place place;
  private final Cli market;
  private final JsonNode endpoint;

  private Bazaar(Place place, Cli market, JsonNode endpoint) {
    this.place = place;
    this.market = market;
    this.endpoint = endpoint;
  }

  /// @param faults such as "stuck_loading"
  static Bazaar open(Place place, String... faults) throws Exception {
    return open(place, true, faults);
  }

  /// @param bare whether images come without an agent in them
  static Bazaar open(Place place, boolean bare, String... faults) throws Exception {
    return openUnder(place, List.of(), bare, faults);
  }

  /// @param program what starts the market, such as `env`
  static Bazaar openUnder(Place place, List<String> program, boolean bare, String... faults)
      throws Exception {
    Path books = place.state().resolve("market");
    Files.createDirectories(books);
    Files.createDirectories(place.beside("project"));
    List<String> words = new ArrayList<>(List.of("sandbox", "--output", "json"));
    if (bare) {
      words.add("--bare");
    }
    words.addAll(List.of("--state-dir", books.toString()));
    for (String fault : faults) {
      words.addAll(List.of("--fault", fault));
    }
    Cli market = Cli.start(place.beside(""), program, words);
    JsonNode endpoint =
        Until.given("the market says where it is", UP, () -> endpoint(market.said()));
    return new Bazaar(place, market, endpoint);
  }

  private static Optional<JsonNode> endpoint(String said) throws IOException {
    return said.contains("api_key\"") && said.contains("}\n")
        ? Optional.of(JSON.readTree(said))
        : Optional.empty();
  }

  Path project() {
    return place.beside("project");
  }

  /// Any verb, as this user types it in his directory.
  Cli type(String... words) throws IOException {
    return place.startIn(user(), words);
  }

  /// The same, by a program that types for him.
  Cli typeUnder(List<String> program, String... words) throws IOException {
    List<String> before = new ArrayList<>(user());
    before.addAll(program);
    return place.startIn(before, words);
  }

  /// A verb that asks the platform alone, and so takes no state directory.
  Cli look(List<String> words) throws IOException {
    return Cli.start(place.beside(""), user(), words);
  }

  private List<String> user() {
    return List.of(
        "env",
        "--default-signal=INT",
        "-C",
        project().toString(),
        "VAST_URL=" + endpoint.path("url").asText(),
        "VAST_API_KEY=" + endpoint.path("api_key").asText());
  }

  /// What somebody rents without Salvor; its number.
  long rentByHand() throws Exception {
    JsonNode offer =
        call(
                "POST",
                "/api/v0/bundles/",
                "{\"limit\":1,\"type\":\"on-demand\",\"direct_port_count\":{\"gte\":1}}")
            .path("offers")
            .path(0);
    String body =
        "{\"client_id\":\"me\",\"image\":\"some/image\",\"disk\":8,\"runtype\":\"ssh_direc"
            + " ssh_proxy\",\"onstart\":\"echo up and running\",\"label\":\"by hand\"}";
    return call("PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body)
        .path("new_contract")
        .asLong();
  }

  /// What the platform says when somebody rents there without Salvor.
  ///
  /// @param query filters of the search for it
  /// @param more of the body of the creation
  JsonNode rent(String query, String more) throws Exception {
    JsonNode offer =
        call("POST", "/api/v0/bundles/", "{\"limit\":1,\"type\":\"on-demand\"" + query + "}")
            .path("offers")
            .path(0);
    String body =
        "{\"client_id\":\"me\",\"image\":\"some/image\",\"target_state\":\"stopped\"," + more + "}";
    return call("PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body);
  }

  /// One instance as the platform shows it to whoever has the account's key.
  JsonNode show(long instance) throws Exception {
    return call("GET", "/api/v0/instances/" + instance + "/", "").path("instances");
  }

  /// A volume of so many GB, made without Salvor; its number.
  long makeVolume(int gb) throws Exception {
    JsonNode room =
        call("POST", "/api/v0/volumes/search/", "{\"allocated_storage\":%d}".formatted(gb))
            .path("offers")
            .path(0);
    String body = "{\"id\":%d,\"size\":%d}".formatted(room.path("id").asLong(), gb);
    return call("PUT", "/api/v0/volumes/", body).path("volume_id").asLong();
  }

  /// The platform's own stop and start, which their owner asks for.
  void set(long instance, String state) throws Exception {
    JsonNode _ =
        call("PUT", "/api/v0/instances/" + instance + "/", "{\"state\":\"" + state + "\"}");
  }

  /// A command on a box, by its number.
  Cli.Ended on(long instance, String command) throws Exception {
    List<String> words =
        List.of(
            "exec",
            "--state-dir",
            place.state().toString(),
            "" + instance,
            "--",
            "bash",
            "-c",
            command);
    return Cli.start(place.beside(""), user(), words).ended();
  }

  /// A request to the platform itself, past Salvor; its answer, whatever it says.
  JsonNode call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(endpoint.path("url").asText() + path))
            .header("Authorization", "Bearer " + endpoint.path("api_key").asText())
            .header("Content-Type", "application/json")
            .timeout(UP)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  /// `salvor run` of these lines.
  Cli run(String tasks, String... flags) throws IOException {
    Files.writeString(project().resolve("tasks.txt"), tasks);
    List<String> words = new ArrayList<>(List.of("run", "--tasks", "tasks.txt", "--job", RUN));
    words.addAll(List.of(flags));
    return type(words.toArray(String[]::new));
  }

  /// What came back.
  Path results() {
    return project().resolve("work_remote").resolve(RUN);
  }

  @Override
  public void close() {
    shut();
  }

  /// SIGTERM, as its documentation says.
  void shut() {
    ProcessHandle.of(market.pid()).ifPresent(ProcessHandle::destroy);
  }
}
