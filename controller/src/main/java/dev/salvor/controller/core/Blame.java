package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import java.time.Instant;
import java.util.Optional;

/// What is held against a machine, whose memory outlives the run: that it never came up, could not
/// be used, or went away. To be outbid, to be stopped and to be let to somebody else is no fault.
final class Blame {
  /// The platform does not say which machine it is.
  private static final MachineId NAMELESS = new MachineId(0);

  /// Of the words of others.
  private static final int SHOWN = 160;

  private Blame() {}

  /// The run goes on elsewhere: was it the machine?
  static RunState left(RunState s, Fact.ArmChosen fact) {
    Rental rental = s.rentals().get(fact.rental());
    return rental == null || fact.arm() != Arm.RELAUNCH
        ? s
        : fault(s, rental).map(why -> blame(s, rental, why, fact.at())).orElse(s);
  }

  static RunState judged(RunState s, Fact.VerdictReached fact) {
    Rental rental = s.rentals().get(fact.rental());
    boolean offline =
        fact.verdict() instanceof Verdict.Lost lost && lost.cause() == Verdict.Cause.HOST_OFFLINE;
    return rental == null || !offline ? s : blame(s, rental, "its host went offline", fact.at());
  }

  private static Optional<String> fault(RunState s, Rental r) {
    Heard heard = s.learned().heard();
    if (heard.begunFor(r)) {
      return Optional.of("its job said: " + shown(heard.begun().line()));
    }
    Fit.Refusal refusal = r.aboard().fit().refusal();
    if (refusal.made()) {
      return Optional.of("refused before the job: " + shown(refusal.evidence()));
    }
    return switch (r.seen().verdict()) {
      case Verdict.Lost _ -> Optional.empty();
      case Verdict.Coming _ ->
          Optional.of("it did not come up: " + shown(r.seen().sight().words()) + last(r));
      // One that had its job is left for other reasons: its contract ends, say.
      case Verdict.Alive _, Verdict.Suspect _, Verdict.Unknown _ ->
          r.aboard().everOrdered() ? Optional.empty() : Optional.of(unfit(r));
    };
  }

  private static String unfit(Rental r) {
    Fit fit = r.aboard().fit();
    return fit.made() || fit.failures() == 0
        ? "it spoke, and could not be used"
        : "it could not be made ready: " + shown(fit.trouble());
  }

  /// The last that its log said.
  private static String last(Rental r) {
    return r.seen()
        .log()
        .filter(lines -> !lines.isEmpty())
        .map(lines -> "; its log ends: " + shown(lines.getLast()))
        .orElse("");
  }

  private static String shown(String words) {
    String line = words.strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }

  private static RunState blame(RunState s, Rental r, String why, Instant at) {
    MachineId machine = r.offer().machine();
    return machine.equals(NAMELESS)
        ? s
        : s.with(s.market().blame(new FailedMachine(machine, s.spec().run(), why, at)));
  }
}
