package dev.salvor.controller.cli;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.view.BoxView;
import dev.salvor.controller.view.MoneyView;
import dev.salvor.controller.view.Phase;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.SummaryView;
import dev.salvor.controller.view.Words;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A run told from its end, for people.
final class SummaryText {
  private static final int MAX_HOMES = 6;

  private SummaryText() {}

  static List<String> of(SummaryView summary, ZoneId zone) {
    RunView run = summary.run();
    List<String> lines = new ArrayList<>();
    lines.add("What happened");
    summary.timeline().stream()
        .filter(event -> !event.minor())
        .forEach(event ->
            lines.add(
                "  %s  %-8s  %s"
                    .formatted(
                        Texts.time(event.at(), zone),
                        event.kind().name().toLowerCase(Locale.ROOT),
                        Words.printable(event.text()))));
    lines.add("");
    lines.add(
        "run %s: %s, after %s%s"
            .formatted(
                run.run(),
                run.phase().words(),
                Words.time(Duration.ofSeconds(summary.seconds())),
                run.why().isEmpty() ? "" : " (" + Words.printable(run.why()) + ")"));
    lines.addAll(losses(summary));
    lines.addAll(money(run.money()));
    lines.addAll(homes(summary));
    if (run.cargo().savedBytes() > 0) {
      lines.add("saved     " + Texts.saved(run.cargo()));
    }
    if (run.phase() == Phase.DONE && summary.homes().stream().noneMatch(SummaryText::checkpoint)) {
      lines.add(
          "note      the job wrote no checkpoint that was recognised: had its box died, all its"
              + " work would have been lost");
    }
    return lines;
  }

  /// What still costs money, and how to end it.
  static List<String> left(RunView run, String destroy) {
    List<String> lines = new ArrayList<>();
    for (BoxView box : run.boxes()) {
      lines.add(
          "still there: instance %d (%s), %s. It ends with: %s"
              .formatted(box.instance(), box.status(), box.burn(), destroy));
    }
    return lines;
  }

  private static List<String> losses(SummaryView summary) {
    List<String> lines = new ArrayList<>();
    for (SummaryView.LossView loss : summary.losses()) {
      lines.add(
          loss.resumedAtStep() < 0
              ? "lost box  rental %s at step %d: %s; the job has not gone on since"
                  .formatted(loss.rental(), loss.reachedStep(), Words.printable(loss.why()))
              : "lost box  rental %s at step %d: %s; resumed at step %d, %s lost"
                  .formatted(
                      loss.rental(),
                      loss.reachedStep(),
                      Words.printable(loss.why()),
                      loss.resumedAtStep(),
                      Words.count(loss.stepsLost(), "step")));
    }
    return lines;
  }

  private static List<String> money(MoneyView money) {
    List<String> lines = new ArrayList<>();
    lines.add("spent     %s: %s".formatted(money.spent(), spent(money)));
    if (money.savedOnPrice().compareTo(Usd.ZERO) > 0) {
      lines.add(
          "saved     %s on the price: the same time on demand costs %s"
              .formatted(money.savedOnPrice(), money.onDemand()));
    }
    if (money.savedWork().compareTo(Usd.ZERO) > 0) {
      lines.add(
          "saved     %s of training that did not have to be done again"
              .formatted(money.savedWork()));
    }
    return lines;
  }

  private static String spent(MoneyView money) {
    MoneyView.Parts parts = money.parts();
    return "%s for boxes that ran, %s for disks of paused ones, %s for bytes"
        .formatted(parts.gpu(), parts.disk(), parts.bytes());
  }

  private static List<String> homes(SummaryView summary) {
    List<SummaryView.HomeView> homes = summary.homes();
    List<String> lines = new ArrayList<>();
    for (SummaryView.HomeView home :
        homes.subList(Math.max(0, homes.size() - MAX_HOMES), homes.size())) {
      lines.add(
          "home      %s, %s, in %s"
              .formatted(
                  checkpoint(home) ? "checkpoint at step " + home.step() : "results",
                  Words.bytes(home.bytes()),
                  Words.printable(home.receipt())));
    }
    if (homes.size() > MAX_HOMES) {
      lines.add("          and %d older".formatted(homes.size() - MAX_HOMES));
    }
    return lines;
  }

  private static boolean checkpoint(SummaryView.HomeView home) {
    return home.kind().equals("checkpoint");
  }
}
