package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Heard;
import dev.salvor.controller.core.LogPolicy;
import dev.salvor.controller.core.LogPolicy.Answer;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the job's log says is answered as its user's policy for it says, so often and no more.
final class LogRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String RULE = "log";

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (s.over()) {
      return Optional.empty();
    }
    return s.learned().heard().open().values().stream()
        .flatMap(line -> answer(s, policy, line, now).stream())
        .findFirst()
        .or(() -> goOn(s, policy, now));
  }

  private static Optional<Decision> answer(
      RunState s, Policy policy, Fact.LogMatched line, Instant now) {
    if (s.learned().heard().spent(s.spec(), line.policy())) {
      return Optional.of(spent(s, line, now));
    }
    Answer answer = asked(s, line).answer();
    if (answer == Answer.NOTIFY) {
      return Optional.of(tell(s, line, now));
    }
    if (Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    return s.current()
        .filter(r -> r.held() && !Situation.left(s, r) && Heard.concerns(r, line))
        .flatMap(r ->
            switch (answer) {
              case RESTART -> Optional.of(answer(s, line, now, "start the job again"));
              case LEAVE ->
                  Optional.of(
                      s.spec().market().rents()
                          ? answer(s, line, now, "go on on another machine")
                          : tell(s, line, now));
              case STOP -> Optional.of(end(s, line, now));
              case CHECKPOINT -> ask(s, r, line, now);
              case NOTIFY -> Optional.empty();
            });
  }

  /// What was begun goes on for as long as the job is at the start that said so.
  private static Optional<Decision> goOn(RunState s, Policy policy, Instant now) {
    Heard heard = s.learned().heard();
    Optional<Rental> box =
        s.current().filter(r -> r.held() && !Situation.left(s, r) && heard.begunFor(r));
    if (box.isEmpty() || Situation.finishing(s, policy)) {
      return Optional.empty();
    }
    boolean leaves = Heard.policy(s.spec(), heard.begun().policy()).answer() == Answer.LEAVE;
    return leaves ? leave(s, box.get(), now) : stop(s, box.get(), policy, now);
  }

  private static Optional<Decision> stop(RunState s, Rental r, Policy policy, Instant now) {
    boolean due =
        r.job() instanceof JobState.Running
            && r.alive()
            && !Situation.telling(s, r.ref())
            && Situation.rested(r, now);
    AgentOrder order = new AgentOrder.StopJob(policy.patience().stop());
    return due
        ? Optional.of(
            Decision.act(
                RULE,
                "end the job, to start it again",
                "its log says: " + s.learned().heard().begun().line(),
                new Effect.Tell(r.ref(), r.aboard().boot(), order),
                PATIENCE))
        : Optional.empty();
  }

  private static Optional<Decision> leave(RunState s, Rental r, Instant now) {
    if (!r.alive() && !r.lost()) {
      return Optional.empty();
    }
    Fact.LogAnswered begun = s.learned().heard().begun();
    String key = "log-%d-%s-%d-%d".formatted(begun.policy(), r.ref(), begun.boot(), begun.start());
    String why = "The job of run %s says: %s".formatted(s.spec().run(), begun.line());
    String next =
        "By on_log %d it goes on elsewhere, and machine %s is remembered."
            .formatted(begun.policy(), r.offer().machine());
    return new Departure(RULE, key, why, next, List.of("frontier " + s.cargo().frontier()))
        .from(s, r, now);
  }

  /// @param more what else becomes true by it
  private static Decision answer(
      RunState s, Fact.LogMatched line, Instant now, String what, Fact... more) {
    List<Fact> facts = new ArrayList<>(List.of(answered(line, now)));
    facts.addAll(List.of(more));
    return new Decision(RULE, what, why(line), evidence(s, line), facts, List.of());
  }

  private static Optional<Decision> ask(RunState s, Rental r, Fact.LogMatched line, Instant now) {
    boolean asks =
        r.job() instanceof JobState.Running
            && r.alive()
            && !Situation.telling(s, r.ref())
            && !s.spec().job().care().listens().isEmpty();
    Effect tell = new Effect.Tell(r.ref(), r.aboard().boot(), new AgentOrder.AskCheckpoint());
    return asks
        ? Optional.of(
            new Decision(
                RULE,
                "ask the job for a checkpoint",
                why(line),
                evidence(s, line),
                List.of(answered(line, now)),
                List.of(new Decision.Planned(tell, PATIENCE))))
        : Optional.empty();
  }

  private static Decision end(RunState s, Fact.LogMatched line, Instant now) {
    String what = "Run %s is being ended: its log says: %s".formatted(s.spec().run(), line.line());
    return answer(
        s,
        line,
        now,
        "bring everything home and end the run",
        new Fact.WindDownAsked(now, "on_log %d: %s".formatted(line.policy(), line.line())),
        new Fact.Announced(now, key(s, line), what, look(s)));
  }

  private static Decision tell(RunState s, Fact.LogMatched line, Instant now) {
    String what = "The log of run %s says: %s".formatted(s.spec().run(), line.line());
    Fact told = new Fact.Announced(now, key(s, line), what, look(s));
    return answer(s, line, now, "say what the log says", told);
  }

  private static Decision spent(RunState s, Fact.LogMatched line, Instant now) {
    LogPolicy asked = asked(s, line);
    String what =
        "The log of run %s says it again, and on_log %d (%s) was followed %d times already: %s"
            .formatted(s.spec().run(), line.policy(), word(asked), asked.times(), line.line());
    String key = "log-%d-spent".formatted(line.policy());
    String next = "It is left as it is. " + look(s);
    return answer(
        s, line, now, "say that a policy is used up", new Fact.Announced(now, key, what, next));
  }

  private static Fact answered(Fact.LogMatched line, Instant now) {
    return new Fact.LogAnswered(
        now, line.rental(), line.boot(), line.start(), line.policy(), line.line());
  }

  private static String why(Fact.LogMatched line) {
    return "the user's policy for what its log says: " + line.line();
  }

  private static String key(RunState s, Fact.LogMatched line) {
    return "log-%d-%d".formatted(line.policy(), s.learned().heard().count(line.policy()) + 1);
  }

  private static String look(RunState s) {
    return "See 'salvor logs %1$s', and 'salvor explain %1$s' for what was done."
        .formatted(s.spec().run());
  }

  private static List<String> evidence(RunState s, Fact.LogMatched line) {
    LogPolicy asked = asked(s, line);
    List<String> lines = new ArrayList<>();
    lines.add(
        "on_log %d: match %s, do %s, followed %d of %d times before"
            .formatted(
                line.policy(),
                asked.match(),
                word(asked),
                Math.min(asked.times(), s.learned().heard().count(line.policy())),
                asked.times()));
    lines.add(
        "said by start %d on boot %d of rental %s at %s"
            .formatted(line.start(), line.boot(), line.rental(), line.at()));
    lines.add("frontier " + s.cargo().frontier());
    return lines;
  }

  private static LogPolicy asked(RunState s, Fact.LogMatched line) {
    return Heard.policy(s.spec(), line.policy());
  }

  private static String word(LogPolicy asked) {
    return asked.answer().name().toLowerCase(Locale.ROOT);
  }
}
