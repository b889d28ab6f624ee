package dev.salvor.controller.view;

import dev.salvor.controller.core.RentalRef;
import java.time.Duration;
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
/// @param printed what the box reads out of the log while somebody looks at it
/// @param vitals what its probes told
public record Live(
    Instant asOf,
    long step,
    long totalSteps,
    List<Double> losses,
    boolean jobRunning,
    long firstLine,
    List<String> lines,
    SortedMap<RentalRef, Long> reached,
    Printed printed,
    Vitals vitals) {
  /// As many as a sparkline is wide.
  public static final int MAX_LOSSES = 60;

  /// A screenful and some, whatever the job prints.
  public static final int MAX_LINES = 500;

  /// A line longer than this is cut: the job is a stranger.
  public static final int MAX_LINE_CHARS = 2000;

  public static final Live NONE =
      new Live(
          Instant.EPOCH,
          -1,
          -1,
          List.of(),
          false,
          0,
          List.of(),
          new TreeMap<>(),
          Printed.NOTHING,
          Vitals.NONE);

  public Live {
    losses = List.copyOf(losses);
    lines = List.copyOf(lines);
    reached = Collections.unmodifiableSortedMap(new TreeMap<>(reached));
  }

  /// How our own lines begin.
  private static final String OURS = "salvor: ";

  /// Lines of the log, numbered from when its reader began.
  public record Piece(long source, long first, List<String> lines, Instant at) {
    public Piece {
      lines = List.copyOf(lines);
    }
  }

  /// Up to where the log was read out, by which reader, and when.
  public record Printed(long source, long next, Instant at) {
    static final Printed NOTHING = new Printed(0, 0, Instant.EPOCH);

    /// Longer pauses than this mean that nobody looked, and that lines are missing.
    private static final Duration PAUSE = Duration.ofSeconds(20);

    boolean goesOn(Instant now) {
      return now.isBefore(at.plus(PAUSE));
    }
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
        !beat.lastLine().isEmpty()
            && !printed.goesOn(beat.at())
            && (lines.isEmpty() || !lines.getLast().equals(cut(beat.lastLine())));
    List<String> nextLines = news ? newest(lines, cut(beat.lastLine()), MAX_LINES) : lines;
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
        nextReached,
        printed,
        vitals);
  }

  /// A line of our own, among the job's.
  public Live remark(String line) {
    List<String> next = newest(lines, OURS + cut(line), MAX_LINES);
    return with(next, firstLine + lines.size() + 1 - next.size(), printed);
  }

  /// What is known after lines of the log itself: those that came by beats, with gaps between them,
  /// make room for what the job really printed.
  public Live plus(Piece piece) {
    boolean goesOn = printed.source() == piece.source() && printed.goesOn(piece.at());
    if (!goesOn && piece.lines().isEmpty()) {
      // A log that has nothing yet takes the place of nothing.
      return with(lines, firstLine, new Printed(piece.source(), piece.first(), piece.at()));
    }
    long behind = goesOn ? printed.next() - piece.first() : 0;
    int known = Math.clamp(behind, 0, piece.lines().size());
    List<String> next = new ArrayList<>(goesOn ? lines : ours());
    if (behind < 0) {
      next.add("[%d lines came too fast to be shown here]".formatted(-behind));
    }
    long dropped = goesOn ? 0 : lines.size() - next.size();
    piece.lines().stream().skip(known).map(Live::cut).forEach(next::add);
    int over = Math.max(0, next.size() - MAX_LINES);
    long end = Math.max(goesOn ? printed.next() : 0, piece.first() + piece.lines().size());
    return with(
        next.subList(over, next.size()),
        firstLine + dropped + over,
        new Printed(piece.source(), end, piece.at()));
  }

  private List<String> ours() {
    return lines.stream().filter(Live::ours).toList();
  }

  /// A line of our own, not of the job's.
  static boolean ours(String line) {
    return line.startsWith(OURS);
  }

  /// The box reads out the job's log: its lines are whole.
  public boolean readOut() {
    return printed.source() != 0;
  }

  private Live with(List<String> nextLines, long nextFirst, Printed nextPrinted) {
    return new Live(
        asOf,
        step,
        totalSteps,
        losses,
        jobRunning,
        nextFirst,
        nextLines,
        reached,
        nextPrinted,
        vitals);
  }

  /// What is known after readings of a box.
  public Live plus(RentalRef rental, Instant at, List<Vitals.Told> told) {
    return new Live(
        asOf,
        step,
        totalSteps,
        losses,
        jobRunning,
        firstLine,
        lines,
        reached,
        printed,
        vitals.plus(rental.toString(), at, told));
  }

  private static String cut(String line) {
    return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS);
  }

  private static <T> List<T> newest(List<T> kept, T more, int most) {
    List<T> next = new ArrayList<>(kept);
    next.add(more);
    return next.size() <= most ? next : next.subList(next.size() - most, next.size());
  }
}
