package dev.salvor.controller.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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
  private final List<String> user;

  private Bazaar(Place place, Cli market, List<String> user) {
    this.place = place;
    this.market = market;
    this.user = user;
  }

  /// @param faults such as "stuck_loading"
  static Bazaar open(Place place, String... faults) throws Exception {
    return open(place, true, faults);
  }

  /// @param bare whether images come without an agent in them
  static Bazaar open(Place place, boolean bare, String... faults) throws Exception {
    Path books = place.state().resolve("market");
    Files.createDirectories(books);
    Path project = Files.createDirectories(place.beside("project"));
    List<String> words = new ArrayList<>(List.of("sandbox", "--output", "json"));
    if (bare) {
      words.add("--bare");
    }
    words.addAll(List.of("--state-dir", books.toString()));
    for (String fault : faults) {
      words.addAll(List.of("--fault", fault));
    }
    Cli market = Cli.start(place.beside(""), List.of(), words);
    JsonNode endpoint =
        Until.given("the market says where it is", UP, () -> endpoint(market.said()));
    List<String> user =
        List.of(
            "env",
            "--default-signal=INT",
            "-C",
            project.toString(),
            "VAST_URL=" + endpoint.path("url").asText(),
            "VAST_API_KEY=" + endpoint.path("api_key").asText());
    return new Bazaar(place, market, user);
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
    return place.startIn(user, words);
  }

  /// A verb that asks the platform alone, and so takes no state directory.
  Cli look(List<String> words) throws IOException {
    return Cli.start(place.beside(""), user, words);
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
