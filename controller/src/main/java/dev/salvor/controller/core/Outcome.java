package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.InstanceId;
import java.util.List;

/// How an effect ended, as its worker reports it.
public sealed interface Outcome {

  /// Done, and nothing more to say.
  record Done() implements Outcome {}

  /// What the market has.
  ///
  /// @param failed machines that failed other runs of ours not long ago
  record Offers(List<Offer> offers, List<FailedMachine> failed) implements Outcome {
    public Offers {
      offers = List.copyOf(offers);
      failed = List.copyOf(failed);
    }

    /// No machine ever failed us.
    public Offers(List<Offer> offers) {
      this(offers, List.of());
    }
  }

  /// A rental exists under this number.
  record Created(InstanceId instance) implements Outcome {}

  /// The market said no, for good, to this offer.
  record Refused(String why) implements Outcome {}

  /// The answer was lost: it may or may not have taken effect.
  record Unclear(String why) implements Outcome {}

  /// The last lines of a log.
  record Said(List<String> lines) implements Outcome {
    /// What is kept of them in the journal.
    public static final int MOST_LINES = 20;

    private static final int MOST_CHARS = 300;

    public Said {
      lines = lines.stream().map(Said::shown).toList();
      lines = lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
    }

    private static String shown(String line) {
      return line.length() > MOST_CHARS ? line.substring(0, MOST_CHARS) : line;
    }
  }

  /// A unit lies on the target, proven.
  record Landed(Receipt receipt) implements Outcome {}

  /// What a rescue brought home.
  ///
  /// @param units what lies on the paused disk and is complete, each with its receipt
  /// @param listedWhole the disk was listed whole and everything complete on it was fetched
  /// @param left what was seen and could not be brought home, for people
  record Rescued(List<RescuedUnit> units, boolean listedWhole, List<String> left)
      implements Outcome {
    public Rescued {
      units = List.copyOf(units);
      left = List.copyOf(left);
    }
  }

  /// One unit that a rescue found and landed.
  record RescuedUnit(Unit unit, Receipt receipt) {}

  /// It did not work; of a creation: no rental came of it.
  ///
  /// @param retryable the same call may work later
  record Failed(String why, boolean retryable) implements Outcome {}
}
