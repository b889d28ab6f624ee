package dev.salvor.controller.view;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import dev.salvor.controller.core.rule.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes what is shown of a run out of what is known of it.
public final class RunViews {
  /// What a status shows of the timeline; `logs --events` shows all.
  private static final int RECENT = 12;

  private RunViews() {}

  public static RunView of(Snapshot snapshot, Instant now) {
    RunState state = snapshot.state();
    List<EventView> events = Timeline.of(snapshot.facts());
    Live live = snapshot.live();
    return new RunView(
        state.spec().run(),
        Phases.of(state),
        state.since(),
        now,
        state.rentals().values().stream().filter(Rental::mayExist).map(RunViews::box).toList(),
        new ProgressView(
            step(snapshot),
            live.totalSteps(),
            live.losses(),
            live.jobRunning() && state.current().map(Rental::alive).orElse(false),
            live.lines().isEmpty() ? "" : live.lines().getLast()),
        VitalsViews.of(state, live.vitals()),
        cargo(snapshot, now),
        Ledger.of(snapshot, now),
        clocks(state, now),
        events.subList(Math.max(0, events.size() - RECENT), events.size()),
        notices(state),
        state.ended() instanceof RunState.Ended.Yes yes ? yes.why() : "");
  }

  private static List<ClockView> clocks(RunState state, Instant now) {
    return Clocks.of(state, now).stream()
        .map(c -> new ClockView(c.kind(), c.what(), c.strikes()))
        .toList();
  }

  /// What its user has not acknowledged yet, oldest first.
  public static List<NoticeView> notices(RunState state) {
    RunId run = state.spec().run();
    return state.notices().stream()
        .filter(notice -> !notice.acknowledged())
        .map(n -> new NoticeView(run, n.number(), n.at(), n.what(), n.next()))
        .toList();
  }

  /// Every decision of its history, oldest first. What happened, as far as it explains what was
  /// decided then.
  public static List<EventView> happenings(Snapshot snapshot) {
    return Timeline.of(snapshot.facts()).stream()
        .filter(event -> !event.minor() && happens(event.kind()))
        .toList();
  }

  private static boolean happens(EventView.Kind kind) {
    return switch (kind) {
      case USER, PROVIDER, BOX, JOB, CARGO -> true;
      case DECISION, ALERT, END -> false;
    };
  }

  public static List<DecisionView> decisions(Snapshot snapshot) {
    return snapshot.facts().stream().flatMap(RunViews::decision).toList();
  }

  /// A judgement of a box is a decision too: what is done next rests on it.
  private static Stream<DecisionView> decision(Fact fact) {
    if (fact instanceof Fact.Decided d) {
      return Stream.of(new DecisionView(d.at(), d.rule(), d.what(), d.why(), d.evidence()));
    }
    if (fact instanceof Fact.VerdictReached v && !(v.verdict() instanceof Verdict.Coming)) {
      String what = "the box of rental %s is %s".formatted(v.rental(), v.verdict());
      return Stream.of(new DecisionView(v.at(), "verdict", what, "", v.evidence()));
    }
    return Stream.empty();
  }

  private static BoxView box(Rental rental) {
    Sight sight = rental.seen().sight();
    long instance = rental.hold() instanceof Rental.Hold.Held held ? held.instance().value() : 0;
    return new BoxView(
        instance,
        rental.ref().toString(),
        rental.aboard().boot(),
        rental.offer().machine().value(),
        rental.offer().gpus() + "x " + rental.offer().gpu(),
        rental.offer().place(),
        rental.price(),
        rental.meter().rate(),
        sight.status().name().toLowerCase(Locale.ROOT),
        sight.console(),
        verdict(rental.seen().verdict()),
        sight.words());
  }

  private static String verdict(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Coming _ -> "coming";
      case Verdict.Alive _ -> "alive";
      case Verdict.Unknown _ -> "unknown";
      case Verdict.Suspect _ -> "suspect";
      case Verdict.Lost lost ->
          "lost: " + lost.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  private static long saved(Cargo.Stowed stowed) {
    return stowed.proof() instanceof Cargo.Proof.Proven proven && proven.receipt().sentBytes() >= 0
        ? Math.max(0, stowed.unit().manifest().bytes() - proven.receipt().sentBytes())
        : 0;
  }

  private static CargoView cargo(Snapshot snapshot, Instant now) {
    Cargo cargo = snapshot.state().cargo();
    Optional<Cargo.Stowed> frontier = frontier(cargo);
    return new CargoView(
        cargo.frontier() instanceof Cargo.Frontier.At at ? at.step() : -1,
        cargo.frontier() instanceof Cargo.Frontier.At at ? at.unit().toString() : "",
        frontier
            .flatMap(stowed ->
                stowed.proof() instanceof Cargo.Proof.Proven p ? Optional.of(p) : Optional.empty())
            .map(proven -> proven.receipt().place())
            .orElse(""),
        cargo.units().size(),
        (int) cargo.units().values().stream().filter(RunViews::proven).count(),
        cargo.units().values().stream().mapToLong(RunViews::saved).sum(),
        exposure(snapshot, now));
  }

  private static Optional<Cargo.Stowed> frontier(Cargo cargo) {
    return cargo.frontier() instanceof Cargo.Frontier.At at
        ? Optional.ofNullable(cargo.units().get(at.unit()))
        : Optional.empty();
  }

  private static boolean proven(Cargo.Stowed stowed) {
    return stowed.proof() instanceof Cargo.Proof.Proven;
  }

  private static CargoView.Exposure exposure(Snapshot snapshot, Instant now) {
    RunState state = snapshot.state();
    Optional<Rental> current = state.current().filter(rental -> !rental.marks().givenUp());
    if (state.over() || current.isEmpty() || !current.get().mayExist()) {
      return CargoView.Exposure.NOTHING;
    }
    Rental rental = current.get();
    long bytes =
        state.cargo().unsafe(rental.ref()).stream()
            .mapToLong(s -> s.unit().manifest().bytes())
            .sum();
    Instant until = rental.lost() ? rental.seen().verdictSince() : now;
    if (!(rental.job() instanceof Rental.JobState.Running) && !rental.lost()) {
      return new CargoView.Exposure(0, 0, bytes);
    }
    Instant safeAt =
        frontier(state.cargo()).map(Cargo.Stowed::seenAt).orElse(rental.seen().verdictSince());
    Instant from =
        rental.job() instanceof Rental.JobState.Running running && running.since().isAfter(safeAt)
            ? running.since()
            : safeAt;
    return new CargoView.Exposure(
        steps(snapshot, rental), Math.max(0, Duration.between(from, until).toSeconds()), bytes);
  }

  /// Where the present box is: by its job's words, or, before the first, where it goes on from.
  private static long step(Snapshot snapshot) {
    RunState state = snapshot.state();
    Live live = snapshot.live();
    boolean silent =
        state.current().map(r -> !live.reached().containsKey(r.ref())).orElse(live.step() < 0);
    return silent && state.cargo().frontier() instanceof Cargo.Frontier.At at
        ? at.step()
        : live.step();
  }

  /// Steps that this box has done beyond the frontier; -1 while its job has named none.
  private static long steps(Snapshot snapshot, Rental rental) {
    long safe = snapshot.state().cargo().frontier() instanceof Cargo.Frontier.At at ? at.step() : 0;
    boolean named = snapshot.live().reached().containsKey(rental.ref());
    return named ? Math.max(0, snapshot.live().step() - safe) : -1;
  }
}
