package dev.salvor.controller.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Many simulated agents on one real controller, over mTLS, a beat every two seconds: what that
/// takes, and how soon what happens is decided and written down. `AGENTS INSTALLATION PLACE`.
///
/// Lines for programs begin with `row`: value, unit, and what it is.
final class FleetMain {
  private static final Duration SETTLING = Duration.ofSeconds(20);
  private static final Duration BEATING = Duration.ofSeconds(20);
  private static final Duration EVENTS = Duration.ofSeconds(30);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private FleetMain() {}

  public static void main(String[] args) throws Exception {
    int agents = Integer.parseInt(args[0]);
    Path installation = Path.of(args[1]);
    Path place = Path.of(args[2]);
    Harbourage ground = Harbourage.prepare(place.resolve("s"), agents);
    try (Listing market = Listing.open(ground, agents);
        Controller controller = Controller.start(installation, place, market.url());
        Boxes boxes = Boxes.dial(ground, controller.port(), agents)) {
      measure(agents, controller, boxes);
    }
    System.exit(0);
  }

  private static void measure(int agents, Controller controller, Boxes boxes) throws Exception {
    System.err.println(agents + " agents dial");
    boxes.awaitAll(Duration.ofMinutes(3));
    TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
    double cpu = controller.cpuSeconds();
    long beats = boxes.answered();
    TimeUnit.NANOSECONDS.sleep(BEATING.toNanos());
    double used = (controller.cpuSeconds() - cpu) / BEATING.toSeconds();
    double answered = (boxes.answered() - beats) / (double) BEATING.toSeconds();
    System.err.println("each has something to say");
    List<Double> latencies = boxes.sayOnce(EVENTS, LAST_ANSWERS);
    row(controller.rssMb(), "MB", "memory of the controller");
    row(used * 100, "%", "processor time of the controller, of one core, while they beat");
    row(answered, "1/s", "beats answered");
    row(percentile(latencies, 0.50), "ms", "event -> decision journaled, p50");
    row(percentile(latencies, 0.99), "ms", "event -> decision journaled, p99");
    row(latencies.size(), "", "events decided");
    row((double) boxes.orders(), "", "orders that came of them");
    if (boxes.lost() > 0) {
      throw new IOException(boxes.lost() + " lines were lost; see the controller's log");
    }
  }

  static double percentile(List<Double> all, double share) {
    List<Double> sorted = all.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size())));
  }

  private static void row(double value, String unit, String what) {
    System.out.printf(Locale.ROOT, "row\t%.3f\t%s\t%s%n", value, unit, what);
  }

  /// The last of a file, for a message.
  static String tail(Path log) throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }
}
