package dev.salvor.controller.e2e;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Verdict;
import dev.salvor.controller.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// How soon a loss is seen, and how soon the job runs again, on the sandbox with real processes:
/// `ROUNDS`. In each round the agent is frozen for a while, then the box is outbid.
///
/// Times are the market's and the controller's own, both by this machine's clock. Lines for
/// programs begin with `row`: value, unit, and what it is.
final class DetectMain {
  private static final Duration FROZEN = Duration.ofSeconds(12);
  private static final Duration TRAINS = Duration.ofSeconds(4);
  private static final Duration BACK = Duration.ofMinutes(4);
  private static final Duration NOTICED = Duration.ofMinutes(2);

  private final Place place;
  private final Cli demo;
  private final List<Instant> frozen = new ArrayList<>();

  private DetectMain(Place place, Cli demo) {
    this.place = place;
    this.demo = demo;
  }

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    try (Place place = Place.open()) {
      Cli demo =
          place.start(
              "demo", "--keep", "--job", ShellJob.saving(1_000_000), "--outbid-at", "never");
      DetectMain detect = new DetectMain(place, demo);
      for (int round = 1; round <= rounds; round++) {
        System.err.println("round %d of %d".formatted(round, rounds));
        detect.round();
      }
      detect.trains(Instant.now());
      place.killController();
      detect.report();
    }
    System.exit(0);
  }

  private void round() throws Exception {
    trains(Instant.now());
    pause(TRAINS);
    freeze();
    trains(Instant.now());
    pause(TRAINS);
    int before = losses().size();
    Sabotage.arm(place, "{\"kind\":\"outbid\",\"factor\":1.2,\"rival_stays_s\":4}");
    demo.until("a box is lost", () -> losses().size() > before);
  }

  /// Its agent stands still, and with it all that it would say.
  private void freeze() throws IOException, InterruptedException {
    List<Census.Found> agents = place.census().agents();
    frozen.add(Instant.now());
    agents.forEach(agent -> signal(agent, "STOP"));
    try {
      pause(FROZEN);
    } finally {
      agents.forEach(agent -> signal(agent, "CONT"));
    }
  }

  private static void signal(Census.Found process, String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("No kill here", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  /// Waits for a checkpoint that is newer than this on any box.
  private void trains(Instant since) throws Exception {
    Until.holds("the job saves", BACK, () -> newest().filter(at -> at.isAfter(since)).isPresent());
  }

  private Optional<Instant> newest() throws IOException {
    if (!Files.isDirectory(place.boxes())) {
      return Optional.empty();
    }
    Instant newest = Instant.MIN;
    try (Stream<Path> boxes = Files.list(place.boxes())) {
      for (Path box : boxes.toList()) {
        Path saved = box.resolve("disk/workspace/ckpt");
        if (Files.isDirectory(saved)) {
          Instant at = Files.getLastModifiedTime(saved).toInstant();
          newest = at.isAfter(newest) ? at : newest;
        }
      }
    }
    return newest.equals(Instant.MIN) ? Optional.empty() : Optional.of(newest);
  }

  /// When a running box stopped, by the market's word.
  private List<Instant> losses() throws IOException {
    return place.market().of("status").stream()
        .filter(e -> e.detail().path("from").asText("running").equals("running"))
        .filter(e -> List.of("exited", "stopped").contains(e.detail().path("to").asText()))
        .map(MarketLog.Entry::time)
        .toList();
  }

  /// When a box that had run before runs again.
  private List<Instant> restarts() throws IOException {
    List<Long> before = new ArrayList<>();
    List<Instant> again = new ArrayList<>();
    for (MarketLog.Entry e : place.market().of("status")) {
      if (e.detail().path("to").asText().equals("running")) {
        if (before.contains(e.instance())) {
          again.add(e.time());
        }
        before.add(e.instance());
      }
    }
    return again;
  }

  private void report() throws Exception {
    List<Fact> facts = new ArrayList<>();
    try (SqliteJournal journal = SqliteJournal.open(place.state())) {
      journal.replay(entry -> facts.add(entry.fact()));
    }
    Predicate<Fact> suspect =
        f -> f instanceof Fact.VerdictReached v && v.verdict() instanceof Verdict.Suspect;
    Predicate<Fact> lost =
        f -> f instanceof Fact.VerdictReached v && v.verdict() instanceof Verdict.Lost;
    Predicate<Fact> started = f -> f instanceof Fact.JobStarted j && j.boot() > 1;
    rows("box silent -> suspect", seconds(frozen, facts, suspect));
    rows("box outbid -> confirmed lost", seconds(losses(), facts, lost));
    rows("container restarted -> job runs again", seconds(restarts(), facts, started));
  }

  /// From each moment to the first such fact after it.
  private static List<Double> seconds(List<Instant> from, List<Fact> facts, Predicate<Fact> what) {
    List<Double> all = new ArrayList<>();
    for (Instant moment : from) {
      facts.stream()
          .filter(what)
          .map(Fact::at)
          .filter(at -> !at.isBefore(moment) && at.isBefore(moment.plus(NOTICED)))
          .findFirst()
          .ifPresent(at -> all.add((double) Duration.between(moment, at).toMillis() / 1_000));
    }
    return all;
  }

  private static void rows(String what, List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalStateException("Not once: " + what);
    }
    row(sorted, 0.50, what + ", p50");
    row(sorted, 0.95, what + ", p95");
    row(sorted, 1.00, what + ", max");
  }

  private static void row(List<Double> sorted, double share, String what) {
    int at = (int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size()));
    System.out.printf(Locale.ROOT, "row\t%.3f\ts\t%s\t%d%n", sorted.get(at), what, sorted.size());
  }
}
