package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.Counter;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.RunView;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneId;

/// Stays with a run until it is over: shows it, and hands Ctrl-C on.
final class Attach {
  private static final int EVERY_MS = 200;

  /// After a second Ctrl-C the box is stopped, or it is said that it could not be.
  private static final Duration HALT_PATIENCE = Duration.ofSeconds(20);

  private final Counter counter;
  private final String run;
  private final Interrupts interrupts;
  private final Show show;
  private int handed;
  private long haltedAt;

  Attach(Counter counter, String run, Interrupts interrupts, Show show) {
    this.counter = counter;
    this.run = run;
    this.interrupts = interrupts;
    this.show = show;
  }

  /// How a run is shown while it goes on.
  interface Show {
    void view(RunView view, String hint);

    /// On a terminal, redrawn.
    static Show live(Screen screen, ZoneId zone) {
      return (view, hint) -> screen.draw(LiveDisplay.render(view, hint, screen.canvas(), zone));
    }

    /// In a pipe, line by line.
    static Show plain(PrintStream out) {
      PlainDisplay display = new PlainDisplay();
      return (view, _) -> {
        display.more(view).forEach(out::println);
        out.flush();
      };
    }
  }

  /// Returns how often Ctrl-C was pressed: 0 where the run came to its end by itself.
  int stay() throws DeskException {
    counter.follow(new Request.Watch(run, EVERY_MS), this::hear);
    return handed;
  }

  private boolean hear(Answer answer) throws DeskException {
    RunView view = answer.as(RunView.class);
    show.view(view, hint());
    if (view.phase().over()) {
      return true;
    }
    handOn();
    return haltedAt == 0 || System.nanoTime() - haltedAt < HALT_PATIENCE.toNanos();
  }

  private void handOn() throws DeskException {
    int pressed = interrupts.count();
    if (pressed >= 1 && handed == 0) {
      handed = 1;
      ask(new Request.WindDown(run, "Ctrl-C"));
    }
    if (pressed >= 2 && handed == 1) {
      handed = 2;
      haltedAt = System.nanoTime();
      ask(new Request.Halt(run, "Ctrl-C twice"));
    }
  }

  private void ask(Request request) throws DeskException {
    try {
      Answer _ = counter.ask(request);
    } catch (DeskException e) {
      if (e.kind() != DeskException.Kind.REFUSED) {
        throw e;
      }
      // It is over already: the next view says so.
    }
  }

  private String hint() {
    return switch (interrupts.count()) {
      case 0 -> "Ctrl-C: bring everything home and end";
      case 1 -> "bringing everything home · Ctrl-C again: stop the meter at once";
      default -> "stopping the meter";
    };
  }
}
