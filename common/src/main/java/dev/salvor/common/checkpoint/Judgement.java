package dev.salvor.common.checkpoint;

import dev.salvor.common.format.Verdict;
import dev.salvor.common.framework.Finding;
import dev.salvor.common.framework.Frameworks;
import dev.salvor.common.inspect.FormatCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// What a candidate that nobody writes to any more is: judged by its framework's rule and by
/// reading every file.
///
/// @param why what is missing or damaged; empty where nothing is
public record Judgement(State state, String format, OptionalLong step, String why) {
  /// Many small archives in one file: its extents are the framework's rule to check.
  private static final String SLICES = ".distcp";

  /// From best to worst.
  public enum State {
    /// The framework's commit rule holds and every file parses.
    COMMITTED,
    /// Every part is there and parses; no rule says that its writer was done.
    WHOLE,
    /// A part or the commit marker is missing.
    INCOMPLETE,
    /// A file is cut off or damaged.
    TORN,
    /// Other content under a checkpoint's name.
    NONE
  }

  public boolean complete() {
    return state == State.COMMITTED || state == State.WHOLE;
  }

  public static Judgement of(Candidate candidate) throws IOException {
    Frameworks.Appraisal appraisal = Frameworks.judge(candidate.listing());
    Finding found = appraisal.finding();
    Judgement byRule =
        new Judgement(state(found.state()), appraisal.format(), found.step(), found.why());
    if (!byRule.complete()) {
      return byRule;
    }
    if (candidate.underTemporary()) {
      return byRule.but(State.INCOMPLETE, "a part still has its writer's temporary name");
    }
    Optional<Judgement> damaged = byRule.unlessParsed(candidate);
    return damaged.orElse(byRule);
  }

  /// Whether one file is what its name says, by reading it.
  public static boolean parses(Path file) throws IOException {
    return file.toString().endsWith(SLICES) || FormatCheck.inspect(file).verdict().accepted();
  }

  private Optional<Judgement> unlessParsed(Candidate candidate) throws IOException {
    for (Path file : candidate.places()) {
      if (!parses(file)) {
        Verdict verdict = FormatCheck.inspect(file).verdict();
        return Optional.of(but(state(verdict), file.getFileName() + " is " + verdict));
      }
    }
    return Optional.empty();
  }

  private Judgement but(State worse, String reason) {
    return new Judgement(worse, format, step, reason);
  }

  private static State state(Finding.State state) {
    return switch (state) {
      case COMMITTED -> State.COMMITTED;
      case WHOLE -> State.WHOLE;
      case INCOMPLETE -> State.INCOMPLETE;
      case TORN -> State.TORN;
    };
  }

  private static State state(Verdict verdict) {
    return switch (verdict) {
      case ACCEPT,
          ACCEPT_NO_CRC,
          ACCEPT_FLAG_PROTO,
          ACCEPT_FLAG_IMPORTS,
          ACCEPT_FLAG_NESTED,
          ACCEPT_FLAG_CODE ->
          State.WHOLE;
      case REJECT_INCOMPLETE -> State.INCOMPLETE;
      case STRUCTURE_OK_BUT_INCOMPLETE, REJECT_CORRUPT -> State.TORN;
      case NOT_A_CHECKPOINT, REJECT_UNSAFE -> State.NONE;
    };
  }
}
