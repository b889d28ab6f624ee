package dev.salvor.controller.view;

import dev.salvor.controller.core.Cargo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A run told from its end: what happened, what it cost, what was saved, and where everything is.
///
/// @param seconds from the request to the last fact
/// @param losses the times its box was lost
/// @param timeline the whole of it
/// @param homes every unit with a receipt, oldest first
public record SummaryView(
    RunView run,
    long seconds,
    List<LossView> losses,
    List<EventView> timeline,
    List<HomeView> homes) {
  public SummaryView {
    losses = List.copyOf(losses);
    timeline = List.copyOf(timeline);
    homes = List.copyOf(homes);
  }

  /// One lost box.
  ///
  /// @param reachedStep highest step known before
  /// @param resumedAtStep where the job went on; -1 if it did not
  /// @param stepsLost steps that were done twice
  public record LossView(
      Instant at,
      String rental,
      String why,
      long reachedStep,
      long resumedAtStep,
      long stepsLost) {}

  /// A unit that is home.
  public record HomeView(String unit, String kind, long step, long bytes, String receipt) {}

  public static SummaryView of(Snapshot snapshot, Instant now) {
    Instant last = snapshot.facts().isEmpty() ? now : snapshot.facts().getLast().at();
    return new SummaryView(
        RunViews.of(snapshot, now),
        Duration.between(snapshot.state().since(), last).toSeconds(),
        Losses.of(snapshot).stream()
            .map(l ->
                new LossView(
                    l.at(),
                    l.rental().toString(),
                    l.cause(),
                    l.reached(),
                    l.resumedAt(),
                    l.stepsLost()))
            .toList(),
        Timeline.of(snapshot.facts()),
        snapshot.state().cargo().units().values().stream().flatMap(SummaryView::home).toList());
  }

  private static Stream<HomeView> home(Cargo.Stowed stowed) {
    return stowed.proof() instanceof Cargo.Proof.Proven proven
        ? Stream.of(
            new HomeView(
                stowed.unit().id().toString(),
                stowed.unit().kind().name().toLowerCase(Locale.ROOT),
                stowed.unit().step(),
                stowed.unit().manifest().bytes(),
                proven.receipt().place()))
        : Stream.empty();
  }
}
