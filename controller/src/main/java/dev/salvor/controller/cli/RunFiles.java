package dev.salvor.controller.cli;

import java.nio.file.Path;

/// Reads a run.yaml for a verb: warnings and problems are told, and one with a problem is refused.
record RunFiles(Wiring wiring, Session session) {

  /// @param what the verb was to do with it, as "run"
  Specs.Reading read(Path yaml, String what) throws Failure {
    Specs.Reading reading = wiring.specs().read(yaml, session);
    reading.warnings().forEach(line -> session.err().println("salvor: warning: " + line));
    if (reading.spec().isPresent()) {
      return reading;
    }
    reading.problems().forEach(line -> session.err().println("salvor: " + line));
    throw new Failure(
        Exit.USAGE,
        "Cannot %s %s: it has %d problems. Mend them, then try again."
            .formatted(what, yaml, reading.problems().size()));
  }
}
