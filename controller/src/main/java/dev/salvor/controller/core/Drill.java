package dev.salvor.controller.core;

import java.time.Instant;

/// A drill of a run's box, and how far it is.
///
/// @param boot of the box when it was asked for
/// @param since when this stage began
public record Drill(RentalRef rental, Stage stage, int boot, Instant asked, Instant since) {
  static final Drill NONE =
      new Drill(new RentalRef(1, 1), Stage.OVER, 0, Instant.EPOCH, Instant.EPOCH);

  /// What is under way.
  public enum Stage {
    /// A checkpoint must be home first.
    WANTED,
    STOPPING,
    STARTING,
    OVER
  }

  public boolean on() {
    return stage != Stage.OVER;
  }

  Drill moved(Fact.DrillMoved f) {
    return new Drill(rental, f.stage(), boot, asked, f.at());
  }
}
