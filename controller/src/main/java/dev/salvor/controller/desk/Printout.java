package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// Answers with what a run's job prints: its last lines, those that come, or every one of them.
final class Printout {
  private static final int MIN_EVERY_MS = 50;

  /// What one answer may carry of a log; the controller keeps no more anyway.
  private static final int MAX_TAIL = 500;

  /// A box that answers does so within two beats; a person waits no longer.
  private static final int LOG_LOOKS = 60;

  /// A wish for the log is repeated long before it lapses, for as long as somebody follows.
  private static final Duration LOG_FOR = Duration.ofSeconds(30);

  private static final int LOOKS_A_WISH = 200;

  /// A box that is not there yet is looked for this often, so that no line of its job is missed.
  private static final int LOOKS_FOR_A_BOX = 4;

  /// A box that reads out its log is reminded this often: a new boot does not know.
  private static final int LOOKS_A_REMINDER = 60;

  /// With a wish that is repeated come lines that were missed in between.
  private static final int MORE_LINES = 200;

  private final Bridge bridge;
  private final Runs runs;

  Printout(Bridge bridge, Runs runs) {
    this.bridge = bridge;
    this.runs = runs;
  }

  /// Finds a run by what a user calls it.
  interface Runs {
    Snapshot find(String run) throws DeskException;
  }

  void logs(Request.Logs request, Clerk.Sink sink) throws DeskException, IOException {
    int tail = Math.clamp(request.tail(), 0, MAX_TAIL);
    Snapshot run = fresh(runs.find(request.run()), tail, sink);
    LogView view = LogView.tail(run, tail);
    sink.send(view);
    int looks = 0;
    while (request.follow() && !run.state().over()) {
      sink.pause(MIN_EVERY_MS);
      run = runs.find(id(run).value());
      if (++looks % LOOKS_A_WISH == 0) {
        bridge.wantLog(run.state(), MORE_LINES, LOG_FOR);
      }
      LogView more = LogView.since(run, view.next());
      if (!more.lines().isEmpty()) {
        sink.send(more);
      }
      view = more;
    }
  }

  /// The job's own lines from its first on, until the run is over. What beats bring has gaps, and
  /// is left out.
  void output(Request.Output request, Clerk.Sink sink) throws DeskException, IOException {
    String run = id(runs.find(request.run())).value();
    long next = 0;
    int wishIn = 0;
    while (true) {
      Snapshot now = runs.find(run);
      if (wishIn-- <= 0) {
        boolean asked = bridge.wantLog(now.state(), MORE_LINES, LOG_FOR);
        wishIn = asked ? LOOKS_A_REMINDER : LOOKS_FOR_A_BOX;
      }
      if (now.live().readOut()) {
        LogView more = LogView.printed(now, next);
        next = more.next();
        if (!more.lines().isEmpty()) {
          sink.send(more);
        }
      }
      if (now.state().over()) {
        return;
      }
      sink.pause(MIN_EVERY_MS);
    }
  }

  /// The run once its box has read out the log; as it is, where the box does not in time.
  private Snapshot fresh(Snapshot run, int tail, Clerk.Sink sink)
      throws DeskException, IOException {
    Instant asked = bridge.now();
    if (run.state().over() || !bridge.wantLog(run.state(), tail, LOG_FOR)) {
      return run;
    }
    Snapshot now = runs.find(id(run).value());
    for (int i = 0; i < LOG_LOOKS && now.live().printed().at().isBefore(asked); i++) {
      sink.pause(MIN_EVERY_MS);
      now = runs.find(id(run).value());
    }
    return now;
  }

  private static RunId id(Snapshot run) {
    return run.state().spec().run();
  }
}
