package dev.salvor.controller.view;

import dev.salvor.controller.core.RentalRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a run's box says of itself between two facts: how far it is, and its last lines. Not
/// journaled; a controller that was restarted begins anew.
///
/// @param asOf when it was last heard of
/// @param step -1 while the job has named none
/// @param totalSteps -1 while unknown
/// @param losses newest last
/// @param firstLine number of the first line kept, from 0
/// @param lines the job's output as beats brought it, newest last
/// @param reached highest step each rental has named
public record Live(
    Instant asOf,
    long step,
    long totalSteps,
    List<Double> losses,
    boolean jobRunning,
    long firstLine,
    List<String> lines,
    SortedMap<RentalRef, Long> reached) {
  /// As many as a sparkline is wide.
  public static final int MAX_LOSSES = 60;

  /// A screenful and some, whatever the job prints.
  public static final int MAX_LINES = 500;

  /// A line longer than this is cut: the job is a stranger.
  public static final int MAX_LINE_CHARS = 2000;

  public static final Live NONE =
      new Live(Instant.EPOCH, -1, -1, List.of(), false, 0, List.of(), new TreeMap<>());

  public Live {
    losses = List.copyOf(losses);
    lines = List.copyOf(lines);
    reached = Collections.unmodifiableSortedMap(new TreeMap<>(reached));
  }

  /// What one beat of a box says.
  ///
  /// @param step -1 where it names none
  /// @param totalSteps -1 where unknown
  /// @param lastLine empty where the job has printed none
  public record Beat(
      RentalRef rental,
      Instant at,
      long step,
      long totalSteps,
      OptionalDouble loss,
      boolean jobRunning,
      String lastLine) {}

  /// What is known after one more beat.
  public Live plus(Beat beat) {
    boolean moved = beat.step() >= 0 && beat.step() != step;
    List<Double> nextLosses =
        moved && beat.loss().isPresent()
            ? newest(losses, beat.loss().getAsDouble(), MAX_LOSSES)
            : losses;
    boolean news =
        !beat.lastLine().isEmpty() && (lines.isEmpty() || !lines.getLast().equals(cut(beat)));
    List<String> nextLines = news ? newest(lines, cut(beat), MAX_LINES) : lines;
    long dropped = news ? lines.size() + 1 - nextLines.size() : 0;
    SortedMap<RentalRef, Long> nextReached = new TreeMap<>(reached);
    if (beat.step() >= 0) {
      nextReached.merge(beat.rental(), beat.step(), Math::max);
    }
    return new Live(
        beat.at(),
        beat.step() >= 0 ? beat.step() : step,
        beat.totalSteps() > 0 ? beat.totalSteps() : totalSteps,
        nextLosses,
        beat.jobRunning(),
        firstLine + dropped,
        nextLines,
        nextReached);
  }

  private static String cut(Beat beat) {
    String line = beat.lastLine();
    return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS);
  }

  private static <T> List<T> newest(List<T> kept, T more, int most) {
    List<T> next = new ArrayList<>(kept);
    next.add(more);
    return next.size() <= most ? next : next.subList(next.size() - most, next.size());
  }
}
