package dev.salvor.controller.view;

import java.util.List;

/// Some of a job's output lines.
///
/// @param next number of the line after the last one here: where to go on
public record LogView(List<String> lines, long next) {
  public LogView {
    lines = List.copyOf(lines);
  }

  /// The last so many lines.
  public static LogView tail(Snapshot snapshot, int most) {
    Live live = snapshot.live();
    List<String> lines = live.lines();
    int from = Math.max(0, lines.size() - most);
    return new LogView(lines.subList(from, lines.size()), live.firstLine() + lines.size());
  }

  /// What the job itself has printed since, without lines of ours.
  public static LogView printed(Snapshot snapshot, long number) {
    LogView all = since(snapshot, number);
    return new LogView(all.lines().stream().filter(l -> !Live.ours(l)).toList(), all.next());
  }

  /// What has come since.
  public static LogView since(Snapshot snapshot, long number) {
    Live live = snapshot.live();
    long from = Math.clamp(number - live.firstLine(), 0, live.lines().size());
    return new LogView(
        live.lines().subList((int) from, live.lines().size()),
        live.firstLine() + live.lines().size());
  }
}
