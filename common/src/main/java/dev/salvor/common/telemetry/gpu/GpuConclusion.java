package dev.salvor.common.telemetry.gpu;

import java.util.List;

/// What follows for the box from what its cards, or the kernel's log, say.
///
/// @param why one sentence a finding, the worst first; empty for a healthy one
public record GpuConclusion(Grade grade, List<String> why) {
  public GpuConclusion {
    why = List.copyOf(why);
  }

  /// From good to bad.
  public enum Grade {
    HEALTHY,
    /// Runs, slower than it should: too hot, or too little power.
    THROTTLED,
    /// Runs, and shows signs of wear: more may follow.
    DEGRADED,
    /// A reset would be needed, which a tenant cannot do: leave the box.
    LEAVE,
    /// Nothing runs here any more.
    DEAD
  }
}
