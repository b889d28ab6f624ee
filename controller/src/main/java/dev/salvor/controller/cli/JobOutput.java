package dev.salvor.controller.cli;

import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.Counter;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.Words;
import java.io.PrintStream;
import java.time.Duration;

/// What the job prints, line by line as it comes, on a thread of its own.
final class JobOutput {
  private final Counter counter;
  private final String run;
  private final PrintStream out;
  private final Thread thread;

  private JobOutput(Counter counter, String run, PrintStream out) {
    this.counter = counter;
    this.run = run;
    this.out = out;
    this.thread = Thread.ofVirtual().name("job-output").unstarted(this::follow);
  }

  static JobOutput follow(Counter counter, String run, PrintStream out) {
    JobOutput output = new JobOutput(counter, run, out);
    output.thread.start();
    return output;
  }

  /// Waits for the last lines; no longer than this.
  void end(Duration most) {
    try {
      if (!thread.join(most)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try {
      counter.follow(new Request.Output(run), this::print);
    } catch (DeskException e) {
      // Whoever is attached to the run meets the same, and says so.
      return;
    }
  }

  private boolean print(Answer answer) throws DeskException {
    answer.as(LogView.class).lines().forEach(line -> out.println(Words.printable(line)));
    out.flush();
    return !out.checkError();
  }
}
