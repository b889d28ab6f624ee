package dev.salvor.controller.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A state directory of its own for one story, with everything that runs on it.
final class Place implements AutoCloseable {
  /// What ends by itself after a command has ended: a controller that nothing needs waits 10 s.
  private static final Duration AFTERMATH = Duration.ofSeconds(30);

  private static final Duration DEATH = Duration.ofSeconds(20);

  private static final int LINES_TOLD = 60;

  private static final Set<Place> OPEN = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final Set<String> listened = new TreeSet<>();

  private Place(Path root) {
    this.root = root;
  }

  /// Short: a Unix socket lies in it.
  static Place open() throws IOException {
    Place place = new Place(Files.createTempDirectory("sv-").toRealPath());
    OPEN.add(place);
    return place;
  }

  /// What the runs of all open places came to so far: for whoever waited in vain.
  static String tellings() {
    return OPEN.stream().map(Place::telling).collect(Collectors.joining());
  }

  /// Only by a controller that runs: asking must not start one.
  private String telling() {
    if (controller().flatMap(ProcessHandle::of).isEmpty()) {
      return "\nin %s: no controller runs".formatted(root);
    }
    try {
      List<String> told = run("explain", "demo").out().lines().toList();
      List<String> last = told.subList(Math.max(0, told.size() - LINES_TOLD), told.size());
      return "\nin %s:\n%s".formatted(root, String.join("\n", last));
    } catch (Exception | AssertionError e) {
      return "\nin %s, which tells nothing: %s".formatted(root, e);
    }
  }

  Path state() {
    return root.resolve("s");
  }

  /// Room for what a story needs beside the state.
  Path beside(String name) {
    return root.resolve(name);
  }

  Census census() {
    return new Census(root);
  }

  MarketLog market() {
    return new MarketLog(state().resolve("market").resolve("market.jsonl"));
  }

  Path disk(long instance) {
    return boxes().resolve(Long.toString(instance)).resolve("disk");
  }

  Path boxes() {
    return state().resolve("market").resolve("boxes");
  }

  Cli start(String... words) throws IOException {
    return startIn(List.of(), words);
  }

  /// With these set in the command's environment.
  Cli startWith(Map<String, String> settings, String... words) throws IOException {
    List<String> before = new ArrayList<>(List.of("env"));
    settings.forEach((name, value) -> before.add(name + "=" + value));
    return startIn(before, words);
  }

  Cli startIn(List<String> before, String... words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--state-dir", state().toString()));
    return Cli.start(root, before, arguments);
  }

  Cli.Ended run(String... words) throws IOException, InterruptedException {
    return start(words).ended();
  }

  /// The controller's process, by the lock that it holds.
  Optional<Long> controller() {
    try {
      JsonNode lock = new ObjectMapper().readTree(state().resolve("controller.lock").toFile());
      return Optional.of(lock.path("pid").asLong()).filter(pid -> pid > 0);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// SIGKILL to the controller, and to nothing else.
  void killController() throws Exception {
    long pid = controller().orElseThrow(() -> new AssertionError("no controller holds the lock"));
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    assertThat(process.destroyForcibly()).isTrue();
    Until.holds("controller " + pid + " is dead", DEATH, () -> !process.isAlive());
  }

  /// Notes which sockets are listened on now: they must be gone at the end.
  void noteListeners() {
    listened.addAll(census().listeners());
  }

  /// No process, no port and no box of this place is left.
  void assertNothingLeft() throws Exception {
    try {
      Until.holds("no process", AFTERMATH, () -> census().processes().isEmpty());
    } catch (AssertionError e) {
      assertThat(census().processes()).as("processes of " + root).isEmpty();
    }
    assertThat(Census.listening().stream().filter(listened::contains))
        .as("sockets that listen")
        .isEmpty();
    if (Files.exists(boxes())) {
      assertThat(boxes()).as("boxes").isEmptyDirectory();
    }
  }

  /// Whatever the story came to: nothing of it goes on.
  @Override
  public void close() throws IOException {
    OPEN.remove(this);
    killAll();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void killAll() {
    try {
      Until.holds(
          "everything in " + root + " is dead",
          DEATH,
          () -> {
            List<Census.Found> left = census().processes();
            left.forEach(Census.Found::kill);
            return left.isEmpty();
          });
    } catch (Exception e) {
      throw new IllegalStateException("Not everything in " + root + " died", e);
    }
  }
}
