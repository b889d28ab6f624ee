package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Replies;
import dev.salvor.controller.view.BoxView;
import dev.salvor.controller.view.CargoView;
import dev.salvor.controller.view.ClockView;
import dev.salvor.controller.view.DecisionView;
import dev.salvor.controller.view.EventView;
import dev.salvor.controller.view.MoneyView;
import dev.salvor.controller.view.OtherView;
import dev.salvor.controller.view.ProgressView;
import dev.salvor.controller.view.RunRow;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// Views as lines for people.
final class Texts {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private Texts() {}

  static List<String> runs(Replies.Runs all, ZoneId zone) {
    List<String> lines = new ArrayList<>(runs(all.runs(), zone));
    for (OtherView other : all.others()) {
      lines.add(
          "another Salvor's at this account, left alone: instance %d (%s), %s"
              .formatted(other.instance(), Words.printable(other.label()), other.burn()));
    }
    return lines;
  }

  static List<String> runs(List<RunRow> runs, ZoneId zone) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("RUN", "PHASE", "SINCE", "INSTANCE", "GPU", "STEP", "FRONTIER", "SPENT", "BURN"));
    for (RunRow run : runs) {
      rows.add(
          List.of(
              run.run().value(),
              run.phase().name().toLowerCase(Locale.ROOT),
              dateTime(run.since(), zone),
              run.instance() == 0 ? "-" : Long.toString(run.instance()),
              run.gpu().isEmpty() ? "-" : Words.printable(run.gpu()),
              number(run.step()),
              number(run.frontierStep()),
              run.spent().toString(),
              run.burn().toString()));
    }
    return table(rows);
  }

  static List<String> status(RunView run, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "run %s: %s%s"
            .formatted(
                run.run(),
                run.phase().words(),
                run.why().isEmpty() ? "" : " (" + Words.printable(run.why()) + ")"));
    lines.add(
        "since     %s, %s ago"
            .formatted(
                dateTime(run.since(), zone),
                Words.time(Duration.between(run.since(), run.asOf()))));
    run.boxes().forEach(box -> lines.add("box       " + box(box)));
    lines.addAll(VitalsText.of(run.vitals(), Canvas.USUAL));
    lines.add("progress  " + progress(run.progress()));
    lines.add("frontier  " + frontier(run.cargo()));
    lines.add("exposure  " + exposure(run.cargo().exposure()));
    if (run.cargo().savedBytes() > 0) {
      lines.add("saved     " + saved(run.cargo()));
    }
    lines.add("money     " + money(run.money()));
    lines.add("          " + parts(run.money()));
    run.clocks().forEach(clock -> lines.add("clock     " + clock(clock, run.asOf(), zone)));
    lines.add("");
    run.events().forEach(event -> lines.add(event(event, zone)));
    return lines;
  }

  static String saved(CargoView cargo) {
    return Words.bytes(cargo.savedBytes())
        + " that did not have to leave the box: they went packed";
  }

  static List<String> timeline(List<EventView> events, ZoneId zone) {
    return events.stream().map(event -> event(event, zone)).toList();
  }

  /// For a person who was asleep: when, what, why, and what was known then. Decisions, and between
  /// them what happened before each.
  static List<String> story(List<DecisionView> decisions, List<EventView> happened, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    Deque<EventView> left = new ArrayDeque<>(happened);
    for (DecisionView decision : decisions) {
      happened(left, decision.at(), zone, lines);
      lines.addAll(decision(decision, zone));
    }
    happened(left, Instant.MAX, zone, lines);
    if (lines.isEmpty()) {
      lines.add("Nothing was decided yet.");
    }
    return lines;
  }

  private static void happened(
      Deque<EventView> left, Instant until, ZoneId zone, List<String> lines) {
    boolean any = false;
    while (!left.isEmpty() && !left.getFirst().at().isAfter(until)) {
      EventView event = left.removeFirst();
      lines.add("%s  - %s".formatted(dateTime(event.at(), zone), Words.printable(event.text())));
      any = true;
    }
    if (any) {
      lines.add("");
    }
  }

  private static List<String> decision(DecisionView decision, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add("%s  %s".formatted(dateTime(decision.at(), zone), Words.printable(decision.what())));
    if (!decision.why().isEmpty()) {
      lines.add("    because   " + Words.printable(decision.why()));
    }
    decision.evidence().forEach(fact -> lines.add("    knowing   " + Words.printable(fact)));
    lines.add("    by rule   " + decision.rule());
    lines.add("");
    return lines;
  }

  static String box(BoxView box) {
    String who = box.instance() == 0 ? "being rented" : "instance " + box.instance();
    return "%s · %s%s · %s while running, %s now · %s (\"%s\" in the console), %s"
        .formatted(
            who,
            Words.printable(box.gpu()),
            box.place().isEmpty() ? "" : " · " + Words.printable(box.place()),
            box.price(),
            box.burn(),
            box.status(),
            box.console(),
            Words.printable(box.verdict()));
  }

  static String progress(ProgressView progress) {
    if (progress.step() < 0) {
      return progress.jobRunning()
          ? "the job runs and has named no step yet"
          : "the job has named no step yet";
    }
    String of = progress.totalSteps() > 0 ? " of " + progress.totalSteps() : "";
    String loss =
        progress.losses().isEmpty()
            ? ""
            : String.format(Locale.ROOT, ", loss %.4f", progress.losses().getLast());
    return "step " + progress.step() + of + loss;
  }

  static String frontier(CargoView cargo) {
    String units = "%d of %s home".formatted(cargo.proven(), Words.count(cargo.seen(), "unit"));
    return cargo.frontierStep() < 0
        ? "none yet, " + units
        : "step %d is home and verified, %s".formatted(cargo.frontierStep(), units);
  }

  static String exposure(CargoView.Exposure exposure) {
    if (exposure.equals(CargoView.Exposure.NOTHING)) {
      return "nothing would be lost if the box died now";
    }
    List<String> parts = new ArrayList<>();
    if (exposure.steps() > 0) {
      parts.add(Words.count(exposure.steps(), "step"));
    }
    if (exposure.seconds() > 0) {
      parts.add(Words.time(Duration.ofSeconds(exposure.seconds())) + " of work");
    }
    if (exposure.bytes() > 0) {
      parts.add(Words.bytes(exposure.bytes()) + " of files");
    }
    return parts.isEmpty()
        ? "next to nothing would be lost if the box died now"
        : String.join(", ", parts) + " would be lost if the box died now";
  }

  static String money(MoneyView money) {
    return "%s spent of %s, burning %s; saved %s against on demand, %s of training not done twice"
        .formatted(
            money.spent(), money.budget(), money.burn(), money.savedOnPrice(), money.savedWork());
  }

  static String parts(MoneyView money) {
    MoneyView.Parts parts = money.parts();
    return "%s for boxes that ran, %s for disks of paused ones, %s for bytes; %s kept back to bring it home"
        .formatted(parts.gpu(), parts.disk(), parts.bytes(), parts.kept());
  }

  static String clock(ClockView clock, Instant now, ZoneId zone) {
    Duration left = Duration.between(now, clock.strikes());
    return "%s, %s: %s"
        .formatted(
            dateTime(clock.strikes(), zone),
            left.isNegative() ? "past" : "in " + Words.time(left),
            clock.what());
  }

  static String event(EventView event, ZoneId zone) {
    return "%s  %-8s  %s"
        .formatted(
            dateTime(event.at(), zone),
            event.kind().name().toLowerCase(Locale.ROOT),
            Words.printable(event.text()));
  }

  static String dateTime(Instant at, ZoneId zone) {
    return DATE_TIME.format(at.atZone(zone));
  }

  static String time(Instant at, ZoneId zone) {
    return TIME.format(at.atZone(zone));
  }

  private static String number(long step) {
    return step < 0 ? "-" : Long.toString(step);
  }

  /// Columns two blanks apart, each as wide as its widest cell.
  static List<String> table(List<List<String>> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length()));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
