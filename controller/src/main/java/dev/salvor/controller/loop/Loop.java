package dev.salvor.controller.loop;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Core;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one place that owns time and order: takes what is queued, folds, decides, journals all of
/// it, and only then hands the effects out. Whoever drives it calls `turn` on one thread; it starts
/// none and waits for nothing.
public final class Loop {
  /// Decisions of one turn and run: more means that two rules contradict each other.
  private static final int MAX_DECISIONS = 100;

  /// Shorter absences are the ordinary course of an update or a reboot.
  private static final Duration AWAY = Duration.ofMinutes(5);

  /// A turn that comes so late was slept through.
  private static final Duration ASLEEP = Duration.ofSeconds(15);

  /// Rules that wait for a moment look again this often: in most turns most runs have no news.
  private static final Duration AGAIN = Duration.ofMillis(500);

  /// The newest facts kept for people to look at; the journal has all.
  private static final int MAX_HISTORY = 5_000;

  private final InstantSource clock;
  private final Journal journal;
  private final Effects effects;
  private final Core core;
  private final Watch watch;
  private final Map<RunId, RunState> runs = new LinkedHashMap<>();
  private final Map<RunId, Deque<Fact>> history = new LinkedHashMap<>();

  private Instant turned = Instant.EPOCH;

  /// When each run was last considered with nothing new since.
  private final Map<RunId, Instant> considered = new HashMap<>();

  // What the present turn has gathered.
  private final List<Journal.Entry> entries = new ArrayList<>();
  private final List<Runnable> journaled = new ArrayList<>();
  private final List<Handover> handovers = new ArrayList<>();

  public Loop(InstantSource clock, Journal journal, Effects effects, Core core, Watch watch) {
    this.clock = clock;
    this.journal = journal;
    this.effects = effects;
    this.core = core;
    this.watch = watch;
  }

  private record Handover(RunId run, long id, Effect effect) {}

  /// Folds the journal, then settles what was under way when the last controller ended: a creation
  /// may have taken effect, everything else is harmless to hand out again within its time; after
  /// that it counts as failed in the first turn. Call once, before the first turn.
  public void recover() throws JournalException {
    journal.replay(entry -> fold(entry.run(), entry.fact()));
    Instant now = clock.instant();
    for (Map.Entry<RunId, RunState> run : List.copyOf(runs.entrySet())) {
      back(run.getKey(), run.getValue(), now);
      for (RunState.Intent intent : List.copyOf(run.getValue().open().values())) {
        if (intent.effect() instanceof Effect.Create) {
          Outcome unclear = new Outcome.Unclear("the controller ended before the answer came");
          take(run.getKey(), new Fact.Settled(now, intent.id(), unclear));
        } else if (!now.isAfter(intent.since().plus(intent.patience()))) {
          handovers.add(new Handover(run.getKey(), intent.id(), intent.effect()));
        }
      }
    }
    finish();
  }

  /// What boxes did meanwhile they did alone: whoever reads the history should know.
  private void back(RunId run, RunState state, Instant now) {
    Instant since = history.getOrDefault(run, new ArrayDeque<>()).getLast().at();
    if (!state.over() && now.isAfter(since.plus(AWAY))) {
      take(run, new Fact.ControllerBack(now, since));
    }
  }

  /// One turn: everything in the batch, in order, then every decision that follows from it.
  public void turn(List<Event> batch) throws JournalException {
    wake(clock.instant());
    for (Event event : batch) {
      switch (event) {
        case Event.Happened e -> {
          take(e.run(), e.fact());
          journaled.add(e.journaled());
        }
        case Event.Heard e -> watch.heard(e.run(), e.rental(), e.at());
        case Event.Looked e -> notice(watch.looked(e.poll(), runs, clock.instant()));
        case Event.Billed e -> notice(watch.billed(e.bill(), runs));
        case Event.Asked e -> journaled.add(() -> e.look().accept(runs()));
        case Event.Tick _ -> {}
      }
    }
    notice(watch.judge(runs, clock.instant()));
    decide();
    finish();
  }

  /// Turns come every second at least: a longer pause is a machine that slept, or a clock that was
  /// set.
  private void wake(Instant now) {
    boolean slept = !turned.equals(Instant.EPOCH) && now.isAfter(turned.plus(ASLEEP));
    Instant since = turned;
    turned = now;
    if (!slept) {
      return;
    }
    watch.woke(now);
    if (now.isAfter(since.plus(AWAY))) {
      for (Map.Entry<RunId, RunState> run : List.copyOf(runs.entrySet())) {
        if (!run.getValue().over()) {
          take(run.getKey(), new Fact.ControllerBack(now, since));
        }
      }
    }
  }

  /// The runs as they stand between turns.
  public Runs runs() {
    Map<RunId, List<Fact>> facts = new LinkedHashMap<>();
    history.forEach((run, deque) -> facts.put(run, List.copyOf(deque)));
    return new Runs(runs, facts);
  }

  /// The states alone, cheap to ask for.
  public Map<RunId, RunState> states() {
    return Collections.unmodifiableMap(runs);
  }

  private void notice(List<Watch.Noticed> noticed) {
    noticed.forEach(n -> take(n.run(), n.fact()));
  }

  private void decide() {
    Instant now = clock.instant();
    for (RunId run : List.copyOf(runs.keySet())) {
      if (!due(run, now)) {
        continue;
      }
      int made = 0;
      Optional<Decision> decision = next(run);
      while (decision.isPresent()) {
        if (++made > MAX_DECISIONS) {
          throw new IllegalStateException(
              "Rules contradict each other on run " + run + ": " + decision.get());
        }
        carryOut(run, decision.get());
        decision = next(run);
      }
      considered.put(run, now);
    }
  }

  /// A fact came, or time passed; a clock that was set back counts as time.
  private boolean due(RunId run, Instant now) {
    Instant last = considered.get(run);
    return last == null || now.isBefore(last) || !now.isBefore(last.plus(AGAIN));
  }

  private Optional<Decision> next(RunId run) {
    RunState state = runs.get(run);
    return state == null ? Optional.empty() : core.next(state, clock.instant());
  }

  private void carryOut(RunId run, Decision d) {
    Instant now = clock.instant();
    take(run, new Fact.Decided(now, d.rule(), d.what(), d.why(), d.evidence()));
    d.facts().forEach(fact -> take(run, fact));
    for (Decision.Planned planned : d.effects()) {
      RunState state = runs.get(run);
      if (state == null) {
        throw new IllegalStateException("Decided on a run that is not there: " + run);
      }
      long id = state.nextEffect();
      take(run, new Fact.Intended(now, id, planned.effect(), planned.patience()));
      handovers.add(new Handover(run, id, planned.effect()));
    }
  }

  private void take(RunId run, Fact fact) {
    if (fold(run, fact)) {
      entries.add(new Journal.Entry(run, fact));
    }
  }

  /// False for a fact about a run that nobody asked for.
  private boolean fold(RunId run, Fact fact) {
    RunState state = runs.get(run);
    Optional<RunState> next =
        state == null ? core.first(fact) : Optional.of(core.fold(state, fact));
    if (next.isEmpty()) {
      return false;
    }
    runs.put(run, next.get());
    considered.remove(run);
    Deque<Fact> facts = history.computeIfAbsent(run, _ -> new ArrayDeque<>());
    facts.addLast(fact);
    if (facts.size() > MAX_HISTORY) {
      facts.removeFirst();
    }
    return true;
  }

  /// Journals first; only then does anything leave.
  private void finish() throws JournalException {
    if (!entries.isEmpty()) {
      journal.append(List.copyOf(entries));
      entries.clear();
    }
    List<Runnable> callbacks = List.copyOf(journaled);
    List<Handover> out = List.copyOf(handovers);
    journaled.clear();
    handovers.clear();
    callbacks.forEach(Runnable::run);
    for (Handover h : out) {
      RunState state = runs.get(h.run());
      if (state != null && state.open().containsKey(h.id())) {
        effects.hand(h.run(), h.id(), h.effect(), state);
      }
    }
  }
}
