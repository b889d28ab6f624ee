package dev.salvor.controller.cli;

import dev.salvor.controller.view.BoxView;
import dev.salvor.controller.view.CargoView;
import dev.salvor.controller.view.EventView;
import dev.salvor.controller.view.MoneyView;
import dev.salvor.controller.view.Phase;
import dev.salvor.controller.view.ProgressView;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Words;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A run on a terminal: the same lines at the same places, whatever happens.
final class LiveDisplay {
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String RED = "31";
  private static final String CYAN = "36";
  private static final String DIM = "2";
  private static final String BOLD = "1";

  private static final int BAR = 30;
  private static final int SPARK = 30;
  private static final int MAX_EVENTS = 8;

  /// Lines above the events, and the one below them.
  private static final int FIXED = 10;

  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String STEPS = "_.-=+*#@";

  private LiveDisplay() {}

  /// At most as many lines as the canvas has, each at most as wide.
  static List<String> render(RunView run, String hint, Canvas canvas, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(head(run, canvas));
    lines.add("");
    lines.add(row("box", box(run), canvas));
    lines.add(row("step", step(run.progress(), canvas), canvas));
    lines.add(row("loss", loss(run.progress(), canvas), canvas));
    lines.add(row("frontier", frontier(run.cargo(), canvas), canvas));
    lines.add(row("exposure", exposure(run.cargo().exposure(), canvas), canvas));
    lines.add(row("money", money(run.money()), canvas));
    lines.add("");
    int room = Math.clamp(canvas.height() - FIXED - 1L, 0, MAX_EVENTS);
    List<EventView> events = run.events();
    List<EventView> last = events.subList(Math.max(0, events.size() - room), events.size());
    last.forEach(event -> lines.add(event(event, canvas, zone)));
    for (int i = last.size(); i < room; i++) {
      lines.add("");
    }
    lines.add(canvas.paint(DIM, fit(hint, canvas.width())));
    return lines;
  }

  private static String head(RunView run, Canvas canvas) {
    String name = "run " + run.run();
    String time = Words.time(Duration.between(run.since(), run.asOf()));
    String words = fit(run.phase().words(), canvas.width() - name.length() - time.length() - 5);
    int gap = Math.max(1, canvas.width() - name.length() - words.length() - time.length() - 3);
    return canvas.paint(BOLD, name)
        + " · "
        + canvas.paint(colour(run.phase()), words)
        + " ".repeat(gap)
        + time;
  }

  private static String colour(Phase phase) {
    return switch (phase) {
      case TRAINING, DONE -> GREEN;
      case LOST, FAILED, PARKED -> RED;
      case SUSPECT, UNKNOWN, RESCUING, WAITING, RAISING, WINDING_DOWN, HALTING, WOUND_DOWN ->
          YELLOW;
      case SEARCHING, RENTING, BOOTING, PREPARING, STARTING, RESUMING, FINISHING, DESTROYING ->
          CYAN;
    };
  }

  private static String row(String name, String text, Canvas canvas) {
    return canvas.paint(DIM, String.format(Locale.ROOT, "%-9s", name))
        + " "
        + (text.indexOf('\u001b') >= 0 ? text : fit(text, canvas.width() - 10));
  }

  private static String box(RunView run) {
    if (run.boxes().isEmpty()) {
      return "none";
    }
    BoxView box = run.boxes().getLast();
    return "%s · %s · %s, %s · %s · %s"
        .formatted(
            box.instance() == 0 ? "being rented" : "instance " + box.instance(),
            box.burn(),
            box.status(),
            Words.printable(box.verdict()),
            Words.printable(box.gpu()),
            Words.printable(box.place()));
  }

  private static String step(ProgressView progress, Canvas canvas) {
    if (progress.step() < 0 || progress.totalSteps() <= 0) {
      String last =
          progress.lastLine().isEmpty() ? "" : " · " + Words.printable(progress.lastLine());
      return Texts.progress(progress) + last;
    }
    double done = Math.clamp((double) progress.step() / progress.totalSteps(), 0.0, 1.0);
    int full = (int) Math.round(done * BAR);
    String bar = (canvas.blocks() ? "█" : "#").repeat(full);
    String rest = (canvas.blocks() ? "░" : ".").repeat(BAR - full);
    return canvas.paint(GREEN, bar)
        + canvas.paint(DIM, rest)
        + String.format(
            Locale.ROOT,
            "  %d/%d  %d %%",
            progress.step(),
            progress.totalSteps(),
            Math.round(done * 100));
  }

  private static String loss(ProgressView progress, Canvas canvas) {
    List<Double> losses = progress.losses();
    if (losses.isEmpty()) {
      return "none named yet";
    }
    return spark(losses.subList(Math.max(0, losses.size() - SPARK), losses.size()), canvas)
        + String.format(Locale.ROOT, "  %.4f", losses.getLast());
  }

  /// The lowest value as the lowest sign.
  static String spark(List<Double> values, Canvas canvas) {
    String signs = canvas.blocks() ? BLOCKS : STEPS;
    double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      double at = high > low ? (value - low) / (high - low) : 0;
      line.append(signs.charAt((int) Math.clamp(Math.round(at * 7), 0L, 7L)));
    }
    return line.toString();
  }

  /// Each between nothing, the lowest sign, and all, the highest.
  static String shares(List<Double> values, Canvas canvas) {
    String signs = canvas.blocks() ? BLOCKS : STEPS;
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      line.append(signs.charAt((int) Math.clamp(Math.round(value * 7), 0L, 7L)));
    }
    return line.toString();
  }

  private static String frontier(CargoView cargo, Canvas canvas) {
    String text = fit(Texts.frontier(cargo), canvas.width() - 10);
    return cargo.frontierStep() < 0 ? text : canvas.paint(GREEN, text);
  }

  private static String exposure(CargoView.Exposure exposure, Canvas canvas) {
    String text = fit(Texts.exposure(exposure), canvas.width() - 10);
    return exposure.equals(CargoView.Exposure.NOTHING) ? text : canvas.paint(YELLOW, text);
  }

  private static String money(MoneyView money) {
    return "%s spent, %s now · saved %s on price, %s of work"
        .formatted(money.spent(), money.burn(), money.savedOnPrice(), money.savedWork());
  }

  private static String event(EventView event, Canvas canvas, ZoneId zone) {
    String kind = String.format(Locale.ROOT, "%-8s", event.kind().name().toLowerCase(Locale.ROOT));
    String text = fit(Words.printable(event.text()), canvas.width() - 2 - "00:00:00 ".length() - 9);
    return "  "
        + canvas.paint(DIM, Texts.time(event.at(), zone))
        + " "
        + canvas.paint(event.kind() == EventView.Kind.ALERT ? RED : CYAN, kind)
        + " "
        + text;
  }

  /// Cut to a width, with a mark where something is missing.
  static String fit(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    return width <= 1 ? text.substring(0, Math.max(0, width)) : text.substring(0, width - 1) + "…";
  }
}
