package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitKind;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Cores that fold as the product's does, but for one guard that is taken away: what the proof is
/// tried on.
public final class BentFold {
  private BentFold() {}

  /// Calls a box lost where nothing is known of it.
  public static Core unknownIsLost(Core usual) {
    return facts(
        usual,
        f ->
            f instanceof Fact.VerdictReached v && v.verdict() instanceof Verdict.Unknown u
                ? lost(v, u)
                : f);
  }

  private static Fact lost(Fact.VerdictReached v, Verdict.Unknown u) {
    Verdict word = new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, u.why());
    return new Fact.VerdictReached(v.at(), v.rental(), word);
  }

  /// Calls each box suspect when all fall silent at once.
  public static Core silenceIsTheirs(Core usual) {
    return facts(
        usual,
        f ->
            f instanceof Fact.VerdictReached v
                    && v.verdict() instanceof Verdict.Unknown u
                    && u.why().contains("more than half")
                ? new Fact.VerdictReached(v.at(), v.rental(), new Verdict.Suspect(u.why()))
                : f);
  }

  /// A receipt moves the frontier, whichever box's it is.
  public static Core anyLineage(Core usual) {
    return states(
        usual,
        (s, fact) ->
            s.cargo().units().values().stream()
                .filter(u -> u.proof() instanceof Cargo.Proof.Proven)
                .map(Cargo.Stowed::unit)
                .filter(u -> u.kind() == UnitKind.CHECKPOINT)
                .filter(u -> u.step() > reached(s))
                .findFirst()
                .map(u -> s.with(s.cargo().withFrontier(new Cargo.Frontier.At(u.id(), u.step()))))
                .orElse(s));
  }

  private static long reached(RunState s) {
    return s.cargo().frontier() instanceof Cargo.Frontier.At at ? at.step() : -1;
  }

  /// A checkpoint counts as proven as soon as it is seen.
  public static Core provenAtSight(Core usual) {
    return states(
        usual,
        (s, fact) ->
            fact instanceof Fact.UnitSeen f && f.unit().kind() == UnitKind.CHECKPOINT
                ? FoldOutcome.prove(s, new Receipt(f.unit().id(), "nowhere", false), f.at())
                : s);
  }

  /// Nothing rests before it is tried again.
  public static Core noRest(Core usual) {
    return states(
        usual,
        (s, fact) -> {
          RunState next = s;
          for (Rental r : s.rentals().values()) {
            next = next.with(r.with(r.marks().rest(Instant.EPOCH)));
          }
          return next;
        });
  }

  /// Nobody counts how often a policy for the log was followed.
  public static Core policiesWithoutBound(Core usual) {
    return states(
        usual,
        (s, fact) -> {
          Heard heard = s.learned().heard();
          Heard uncounted = new Heard(heard.open(), new TreeMap<>(), heard.begun());
          return s.with(s.learned().with(uncounted));
        });
  }

  /// What the owner of an adopted box runs there is taken for a job of ours, that stops when told.
  public static Core ownersStop(Core usual) {
    return facts(
        usual, f -> f instanceof Fact.BoxAdopted a && a.spec().job().looksAfter() ? ours(a) : f);
  }

  private static Fact ours(Fact.BoxAdopted a) {
    RunSpec.Job job = a.spec().job();
    RunSpec.Job other =
        new RunSpec.Job("train", "/", job.env(), job.checkpointRoots(), job.resultRoots());
    return new Fact.BoxAdopted(a.at(), a.spec().with(other), a.instance(), a.offer());
  }

  private static Core facts(Core usual, UnaryOperator<Fact> bent) {
    return new Bent(usual, bent, (s, fact) -> s);
  }

  private static Core states(Core usual, BiFunction<RunState, Fact, RunState> bent) {
    return new Bent(usual, f -> f, bent);
  }

  private record Bent(
      Core usual, UnaryOperator<Fact> before, BiFunction<RunState, Fact, RunState> after)
      implements Core {
    @Override
    public Optional<RunState> first(Fact fact) {
      return usual.first(before.apply(fact));
    }

    @Override
    public RunState fold(RunState state, Fact fact) {
      return after.apply(usual.fold(state, before.apply(fact)), fact);
    }

    @Override
    public Optional<Decision> next(RunState state, Instant now) {
      return usual.next(state, now);
    }
  }
}
