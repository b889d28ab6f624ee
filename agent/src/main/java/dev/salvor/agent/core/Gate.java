package dev.salvor.agent.core;

import java.time.Duration;

/// What a box must be before a job starts on it, each boot anew.
///
/// @param asked somebody wants to know: without, the job starts as it is
/// @param command the user's own, which must end well; "" for none
/// @param promise what the rental is said to be
public record Gate(boolean asked, String command, Duration timeout, Promise promise) {
  /// A larger one is a controller gone wrong.
  private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

  /// Nobody asks.
  public static final Gate NONE = new Gate(false, "", Duration.ofMinutes(5), Promise.NOTHING);

  public Gate {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException("A gate's command has up to an hour: " + timeout);
    }
  }

  /// What the box was rented as.
  ///
  /// @param gpus how many; 0 where nobody said
  /// @param gpu their model as the platform calls it, "RTX 4090"; "" where nobody said
  /// @param cuda the image's, by its name, "12.4"; "" where that does not tell
  /// @param diskBytes that were paid for; 0 where nobody said
  /// @param neededBytes that the job will write on a new disk before long; 0 where nobody knows
  public record Promise(int gpus, String gpu, String cuda, long diskBytes, long neededBytes) {
    public static final Promise NOTHING = new Promise(0, "", "", 0);

    /// Of a job of which nobody knows what it will write.
    public Promise(int gpus, String gpu, String cuda, long diskBytes) {
      this(gpus, gpu, cuda, diskBytes, 0);
    }
  }

  /// Why no job starts on this box.
  ///
  /// @param check which check found it, in a word: "cuda", "gpu-missing"
  /// @param evidence what was seen, in a sentence
  /// @param filter what would have avoided this offer; "" where nothing would
  public record Refusal(String check, String evidence, String filter) {
    /// A sentence or two; what programs say may be of any length.
    private static final int MOST_CHARS = 1_000;

    public Refusal {
      evidence = evidence.substring(0, Math.min(MOST_CHARS, evidence.length()));
    }
  }
}
