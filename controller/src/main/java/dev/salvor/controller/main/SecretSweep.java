package dev.salvor.controller.main;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.effect.Asking;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the secrets of runs that are over and have no box left: what is not there cannot leak.
record SecretSweep(SecretBook book, Asking asking) implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SecretSweep.class);

  @Override
  public void run() {
    try {
      for (RunId run : book.runs()) {
        // One that nobody knows may be about to begin.
        if (asking.ask(run).filter(SecretSweep::over).isPresent()) {
          book.forget(run);
        }
      }
    } catch (IOException e) {
      LOG.atWarn().setMessage("Secrets of ended runs stay").addKeyValue("why", e).log();
    }
  }

  private static boolean over(RunState run) {
    return run.over() && run.rentals().values().stream().noneMatch(Rental::mayExist);
  }
}
