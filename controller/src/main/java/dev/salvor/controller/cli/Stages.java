package dev.salvor.controller.cli;

import dev.salvor.controller.core.DangerClocks;
import dev.salvor.controller.view.BoxView;
import dev.salvor.controller.view.EventView;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.Words;
import java.io.PrintStream;

/// A run beside its job's own output: a line for each of its eight stages, and for what a person
/// should know at once.
final class Stages implements Attach.Show {
  /// The stage at which there is a box to tell of.
  private static final String RENTED = "[3/8]";

  /// The end of the search.
  private static final String CHOSEN = "[1/8]";

  private final PrintStream err;
  private int told;
  private String last = "";

  Stages(PrintStream err) {
    this.err = err;
  }

  @Override
  public void view(RunView run, String hint) {
    run.events().stream().filter(event -> event.number() > told).forEach(this::chosen);
    String stage = stage(run);
    if (!stage.isEmpty() && !stage.equals(last)) {
      last = stage;
      say(stage + (stage.startsWith(RENTED) ? box(run) : ""));
    }
    for (EventView event : run.events()) {
      if (event.number() > told) {
        told = event.number();
        event(event);
      }
    }
  }

  /// What an offer that was chosen costs besides its price, before anything is rented there.
  private void chosen(EventView event) {
    int clocks = event.text().indexOf(DangerClocks.SAID);
    if (event.kind() == EventView.Kind.DECISION && clocks >= 0) {
      String what = event.text().substring(0, clocks).strip().replaceFirst(";$", "");
      say(CHOSEN + " " + Words.printable(what));
      say(CHOSEN + " " + Words.printable(event.text().substring(clocks)));
    }
  }

  private void event(EventView event) {
    switch (event.kind()) {
      case ALERT, JOB, END, USER -> say(Words.printable(event.text()));
      case DECISION, PROVIDER, BOX, CARGO -> {}
    }
  }

  private static String stage(RunView run) {
    return switch (run.phase()) {
      case SEARCHING -> "[1/8] search offers";
      case RENTING -> "[2/8] create the instance";
      case BOOTING -> up(run) ? "[4/8] wait for the login" : "[3/8] wait for the box to run";
      case PREPARING -> "[5/8] bring this directory to /app";
      case STARTING, RESUMING -> "[6/8] start the tasks";
      case TRAINING -> "[6/8] run the tasks";
      case FINISHING -> "[7/8] bring the results home";
      case DESTROYING -> "[8/8] destroy the instance";
      case SUSPECT, UNKNOWN, LOST, RESCUING, WAITING, RAISING, WINDING_DOWN, HALTING ->
          run.phase().words();
      case DONE, FAILED, WOUND_DOWN, PARKED -> "";
    };
  }

  private static boolean up(RunView run) {
    return !run.boxes().isEmpty() && run.boxes().getLast().status().equals("running");
  }

  private static String box(RunView run) {
    if (run.boxes().isEmpty() || run.boxes().getLast().instance() == 0) {
      return "";
    }
    BoxView box = run.boxes().getLast();
    return ": instance %d, %s%s, %s"
        .formatted(
            box.instance(),
            Words.printable(box.gpu()),
            box.place().isEmpty() ? "" : " in " + Words.printable(box.place()),
            box.price());
  }

  private void say(String line) {
    err.println("salvor: " + line);
    err.flush();
  }
}
