package dev.salvor.controller.sim;

import static dev.salvor.controller.sim.Invariants.check;

import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is checked of each fact as it is written: a state of its own is folded beside the loop's.
final class JournalChecks {
  private static final int MAX_INTENTS = 6_000;

  /// Of one kind on one rental within a minute: more is no retry, it is a storm.
  private static final int STORM = 40;

  private static final long STORM_MS = 60_000;

  private final Sim sim;
  private final World world;
  private final Voyage voyage;
  private final Map<RentalRef, Verdict> verdicts = new HashMap<>();
  private final Map<RentalRef, Long> asked = new HashMap<>();
  private final Map<String, Deque<Long>> recent = new TreeMap<>();
  private final Map<Integer, Integer> answers = new TreeMap<>();
  private Optional<RunState> state = Optional.empty();
  private int intents;
  private int size;

  JournalChecks(Sim sim, Voyage voyage) {
    this.sim = sim;
    this.world = sim.world;
    this.voyage = voyage;
  }

  /// What the journal gives.
  Optional<RunState> state() {
    return state;
  }

  int size() {
    return size;
  }

  /// When a rental was asked for, in the world's time.
  long askedMs(RentalRef ref) {
    return asked.getOrDefault(ref, 0L);
  }

  void wrote(Fact fact) {
    size++;
    world.note(voyage.run + " " + fact);
    state.ifPresent(before -> judge(before, fact));
    state =
        state.isEmpty()
            ? sim.cast.core().first(fact)
            : state.map(s -> sim.cast.core().fold(s, fact));
  }

  private void judge(RunState before, Fact fact) {
    if (fact instanceof Fact.Intended intended) {
      intended(before, intended);
    }
    if (fact instanceof Fact.Settled settled) {
      receipts(settled.outcome())
          .forEach(r -> check(landed(r), "2: a receipt for what did not land"));
    }
    if (fact instanceof Fact.LogAnswered answered) {
      int count = answers.merge(answered.policy(), 1, Integer::sum);
      int times = before.spec().job().care().onLog().get(answered.policy() - 1).times();
      check(count <= times + 1, "6: a policy for the log is followed without end");
    }
    if (fact instanceof Fact.VerdictReached reached) {
      verdicts.put(reached.rental(), reached.verdict());
    }
  }

  private boolean landed(Receipt r) {
    return sim.target.has(r.unit()) || sim.target.lost(r.unit().manifestDigest());
  }

  private static List<Receipt> receipts(Outcome outcome) {
    if (outcome instanceof Outcome.Landed landed) {
      return List.of(landed.receipt());
    }
    return outcome instanceof Outcome.Rescued rescued
        ? rescued.units().stream().map(Outcome.RescuedUnit::receipt).toList()
        : List.of();
  }

  private void intended(RunState before, Fact.Intended f) {
    intents++;
    check(intents < MAX_INTENTS, "6: retries without end: " + f.effect());
    storm(f.effect());
    if (f.effect() instanceof Effect.Create create) {
      asked.put(create.rental(), world.ms());
      boolean unknown = before.rentals().values().stream().anyMatch(this::unknown);
      check(!unknown, "8: creates while a verdict is unknown");
      boolean again =
          voyage.boxes().stream().anyMatch(b -> !b.erased && b.ref.equals(create.rental()));
      check(!again, "4: rents what it has rented already: " + create.rental());
    }
    if (f.effect() instanceof Effect.Destroy destroy) {
      Optional<Rental> r = Optional.ofNullable(before.rentals().get(destroy.terms().rental()));
      boolean blind = r.filter(x -> unknown(x) && !x.marks().abandoned()).isPresent();
      check(!blind, "8: destroys while it is unknown");
    }
  }

  /// As it was written down last, not as the state has it.
  private boolean unknown(Rental r) {
    return r.mayExist() && verdicts.get(r.ref()) instanceof Verdict.Unknown;
  }

  private void storm(Effect effect) {
    Deque<Long> times =
        recent.computeIfAbsent(effect.getClass().getSimpleName(), _ -> new ArrayDeque<>());
    times.addLast(world.ms());
    while (times.getFirst() < world.ms() - STORM_MS) {
      times.removeFirst();
    }
    check(times.size() < STORM, "6: no pause between tries: " + effect);
  }

  void atTheEnd() {
    RunState[] replayed = new RunState[1];
    sim.journal.replay(e -> {
      if (e.run().equals(voyage.run)) {
        replayed[0] =
            replayed[0] == null
                ? sim.cast.core().first(e.fact()).orElseThrow()
                : sim.cast.core().fold(replayed[0], e.fact());
      }
    });
    check(
        voyage.state().map(s -> s.equals(replayed[0])).orElse(true),
        "9: a replay gives another state");
  }
}
