package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.view.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the desk asks of the controller behind it. Called from many threads.
public interface Bridge {

  Instant now();

  /// Every run the journal knows, oldest first.
  List<RunId> runs();

  Optional<Snapshot> snapshot(RunId run);

  /// Returns once the fact is journaled and folded.
  void submit(RunId run, Fact fact) throws DeskException;
}
