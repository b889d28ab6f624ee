package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.StatusWords;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A rental that does not speak in time, on its first boot or when it comes back, is given up for
/// another offer.
final class LoadingRule implements Rule {
  /// Logs come by way of the host, and take their time.
  private static final Duration LOG_PATIENCE = Duration.ofSeconds(60);

  /// After so small a part of the time most images are there, and a container would run.
  private static final int EARLY = 5;

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && !r.marks().givenUp() && !PrepareRule.boarding(r))
        .filter(r -> r.aboard().boot() == 0 || r.seen().verdict() instanceof Verdict.Coming)
        .flatMap(r -> ruled(s, policy, r, now));
  }

  private static Optional<Decision> ruled(RunState s, Policy policy, Rental r, Instant now) {
    String words = r.seen().sight().words();
    Optional<String> meaning =
        StatusWords.meaning(words).or(() -> StatusWords.meaning(String.join("\n", log(r))));
    if (meaning.isPresent() && r.aboard().boot() == 0) {
      return Optional.of(end(s, r, meaning.get(), now));
    }
    Instant deadline = begun(r).plus(policy.patience().loading());
    boolean coming = r.seen().verdict() instanceof Verdict.Coming;
    boolean late = now.isAfter(deadline);
    if (!coming || !(late || looksDead(r, policy, now))) {
      return Optional.empty();
    }
    boolean read = late ? !r.seen().logAt().isBefore(deadline) : r.seen().log().isPresent();
    if (read) {
      return late ? Optional.of(giveUp(r, policy, now)) : Optional.empty();
    }
    return s.isOpen(Effect.ReadLog.class) ? Optional.empty() : Optional.of(read(r, late));
  }

  /// What a runtime cannot start never runs, and the host's daemon knows why from the first try on:
  /// the next box would fail alike, so it is asked long before the time is over.
  private static boolean looksDead(Rental r, Policy policy, Instant now) {
    Duration part = policy.patience().loading().dividedBy(EARLY);
    return !r.seen().everRan() && now.isAfter(begun(r).plus(part));
  }

  /// What it printed, or the host's daemon where it printed nothing, may say why it does not come
  /// up.
  private static Decision read(Rental r, boolean late) {
    return Decision.act(
            "loading",
            late ? "read its log before it is given up" : "read what its host says of it",
            "it does not come up, and the log may say why",
            new Effect.ReadLog(r.ref(), ((Hold.Held) r.hold()).instance()),
            LOG_PATIENCE)
        .resting(List.of("the provider says: " + r.seen().sight().words()));
  }

  private static List<String> log(Rental r) {
    return r.seen().log().orElse(List.of());
  }

  /// What is asked for cannot start anywhere: the next box would cost the same, for as little.
  private static Decision end(RunState s, Rental r, String meaning, Instant now) {
    String what = "Run %s cannot start on any box: %s".formatted(s.spec().run(), meaning);
    return Decision.note(
            "loading",
            "end the run before it costs more",
            meaning,
            new Fact.WindDownAsked(now, "what the box was started with: " + meaning),
            new Fact.Announced(now, "unstartable", what, "Mend that, then run it again."))
        .resting(evidence(r));
  }

  /// The words of others.
  private static List<String> evidence(Rental r) {
    return Stream.concat(
            Stream.of("the provider says: " + r.seen().sight().words()),
            log(r).stream().map(line -> "its log: " + line))
        .toList();
  }

  /// Since when it is expected: since it was asked for, or since it began to come back.
  private static Instant begun(Rental r) {
    return r.aboard().boot() == 0 ? r.askedAt() : r.seen().statusSince();
  }

  private static Decision giveUp(Rental r, Policy policy, Instant now) {
    return Decision.note(
            "loading",
            "take another offer",
            "its agent has not spoken within "
                + policy.patience().loading().toMinutes()
                + " minutes",
            new Fact.ArmChosen(now, r.ref(), Arm.RELAUNCH))
        .resting(evidence(r));
  }
}
