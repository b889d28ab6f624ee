package dev.salvor.controller.cli;

import dev.salvor.controller.view.EventView;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A run in a pipe: a line for each event, and one now and then for where it stands.
final class PlainDisplay {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private int told;
  private Instant statusAt = Instant.EPOCH;

  /// The lines that this view adds to those before.
  List<String> more(RunView run) {
    List<String> lines = new ArrayList<>();
    for (EventView event : run.events()) {
      if (event.number() > told) {
        told = event.number();
        String kind = event.kind().name().toLowerCase(Locale.ROOT);
        lines.add(line(event.at(), kind, Words.printable(event.text())));
      }
    }
    if (!run.phase().over() && Duration.between(statusAt, run.asOf()).compareTo(EVERY) >= 0) {
      statusAt = run.asOf();
      lines.add(line(run.asOf(), "status", status(run)));
    }
    return lines;
  }

  private static String status(RunView run) {
    return "%s; %s; frontier: %s; exposure: %s; %s spent"
        .formatted(
            run.phase().words(),
            Texts.progress(run.progress()),
            Texts.frontier(run.cargo()),
            Texts.exposure(run.cargo().exposure()),
            run.money().spent());
  }

  private static String line(Instant at, String kind, String text) {
    return "%s  %-8s  %s".formatted(at.truncatedTo(ChronoUnit.SECONDS), kind, text);
  }
}
