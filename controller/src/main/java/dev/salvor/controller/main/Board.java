package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.LogPiece;
import dev.salvor.controller.intake.Progress;
import dev.salvor.controller.intake.SeenReading;
import dev.salvor.controller.view.Live;
import dev.salvor.controller.view.Vitals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the boxes say of themselves between two facts, for people to look at; not journaled.
final class Board {
  private final Map<RunId, Live> live = new ConcurrentHashMap<>();

  void note(Caller caller, Progress p, Instant at) {
    long total = p.totalSteps() > 0 ? p.totalSteps() : -1;
    Live.Beat beat =
        new Live.Beat(caller.rental(), at, p.step(), total, p.loss(), p.jobRunning(), p.lastLine());
    live.merge(caller.run(), Live.NONE.plus(beat), (old, _) -> old.plus(beat));
  }

  /// A line about the box itself, among those of its job.
  void say(Caller caller, String line) {
    live.compute(
        caller.run(),
        (_, old) -> {
          Live before = old == null ? Live.NONE : old;
          return before.remark(line);
        });
  }

  void note(Caller caller, LogPiece piece, Instant at) {
    Live.Piece lines = new Live.Piece(piece.source(), piece.first(), piece.lines(), at);
    live.merge(caller.run(), Live.NONE.plus(lines), (old, _) -> old.plus(lines));
  }

  void note(Caller caller, List<SeenReading> readings, Instant at) {
    List<Vitals.Told> told =
        readings.stream().map(r -> new Vitals.Told(r.probe(), r.name(), value(r.what()))).toList();
    live.compute(
        caller.run(), (_, old) -> (old == null ? Live.NONE : old).plus(caller.rental(), at, told));
  }

  private static Vitals.Value value(SeenReading.What what) {
    return switch (what) {
      case SeenReading.Measured m -> new Vitals.Value(m.value(), m.unit(), false);
      case SeenReading.Text t -> new Vitals.Value(Double.NaN, t.value(), false);
      case SeenReading.Absent a -> new Vitals.Value(Double.NaN, a.why(), true);
    };
  }

  Live of(RunId run) {
    return live.getOrDefault(run, Live.NONE);
  }
}
