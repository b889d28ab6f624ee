package dev.salvor.controller.monitor;

import dev.salvor.controller.view.BoxView;
import dev.salvor.controller.view.CargoView;
import dev.salvor.controller.view.ClockView;
import dev.salvor.controller.view.MoneyView;
import dev.salvor.controller.view.RunView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs as text that Prometheus reads, one gauge a noun.
final class Metrics {
  private static final int MAX_LABEL = 200;

  private final Map<String, List<String>> gauges = new LinkedHashMap<>();

  private Metrics() {}

  static String of(List<RunView> runs) {
    Metrics metrics = new Metrics();
    metrics.add("up", Map.of(), 1);
    runs.forEach(metrics::run);
    StringBuilder text = new StringBuilder();
    metrics.gauges.forEach((name, lines) -> {
      text.append("# TYPE ").append(name).append(" gauge\n");
      lines.forEach(line -> text.append(line).append('\n'));
    });
    return text.toString();
  }

  private void run(RunView run) {
    String name = run.run().value();
    Map<String, String> of = Map.of("run", name);
    add("run_phase", labels("run", name, "phase", lower(run.phase().name())), 1);
    add("run_notices", of, run.notices().size());
    money(of, run.money());
    cargo(of, run.cargo());
    for (BoxView box : run.boxes()) {
      Map<String, String> which =
          labels("run", name, "rental", box.rental(), "instance", Long.toString(box.instance()));
      Map<String, String> judged = new LinkedHashMap<>(which);
      judged.put("verdict", box.verdict());
      judged.put("console", box.console());
      add("box_verdict", judged, 1);
      add("box_burn_dollars_per_hour", which, box.burn().dollars());
    }
    for (ClockView clock : run.clocks()) {
      Duration left = Duration.between(run.asOf(), clock.strikes());
      add(
          "danger_clock_seconds",
          labels("run", name, "kind", clock.kind(), "what", clock.what()),
          (double) left.toSeconds());
    }
  }

  private void money(Map<String, String> of, MoneyView money) {
    add("run_spent_dollars", of, money.spent().dollars());
    add("run_budget_dollars", of, money.budget().dollars());
    add("run_kept_dollars", of, money.parts().kept().dollars());
    add("run_burn_dollars_per_hour", of, money.burn().dollars());
    add("run_saved_on_price_dollars", of, money.savedOnPrice().dollars());
    add("run_saved_work_dollars", of, money.savedWork().dollars());
  }

  private void cargo(Map<String, String> of, CargoView cargo) {
    add("run_frontier_step", of, (double) cargo.frontierStep());
    add("run_units_seen", of, cargo.seen());
    add("run_units_proven", of, cargo.proven());
    add("run_exposure_seconds", of, (double) cargo.exposure().seconds());
    add("run_exposure_bytes", of, (double) cargo.exposure().bytes());
  }

  private void add(String what, Map<String, String> labels, long value) {
    add(what, labels, (double) value);
  }

  private void add(String what, Map<String, String> labels, double value) {
    String name = "salvor_" + what;
    List<String> parts = new ArrayList<>();
    labels.forEach((key, text) -> parts.add("%s=\"%s\"".formatted(key, escaped(text))));
    String of = parts.isEmpty() ? "" : "{" + String.join(",", parts) + "}";
    gauges
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(String.format(Locale.ROOT, "%s%s %s", name, of, shown(value)));
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6f", value);
  }

  private static Map<String, String> labels(String... pairs) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      labels.put(pairs[i], pairs[i + 1]);
    }
    return labels;
  }

  /// A label comes from a platform or a box: of bounded length, on one line.
  private static String escaped(String text) {
    String cut = text.length() > MAX_LABEL ? text.substring(0, MAX_LABEL) : text;
    return cut.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}+", " ");
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
