package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.rule.Decide;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box that no run rented, given up by its owner or given into our care.
class AdoptionTest {
  private static final InstanceId STRANGER = new InstanceId(4711);
  private static final Instant NOW = Story.BEGIN;
  private static final Fact.BoxAbandoned GIVEN =
      new Fact.BoxAbandoned(
          NOW,
          Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, false)),
          STRANGER,
          Story.offer(1, 0.5),
          "lose everything on instance 4711");
  private static final Verdict.Cause GONE = Verdict.Cause.GONE;
  private static final Fact.BoxAdopted TAKEN =
      new Fact.BoxAdopted(
          NOW,
          new RunSpec(
              Story.RUN,
              RunSpec.Job.lookingAfter(List.of("/workspace"), List.of("/work")),
              RunSpec.Market.none(1),
              new RunSpec.Finish(RunSpec.After.DESTROY, false),
              Usd.of(20)),
          STRANGER,
          Story.offer(1, 0.5));

  @Test
  void it_is_destroyed_by_a_permit_and_nothing_else_is_done() {
    RunState state = Fold.first(GIVEN).orElseThrow();
    Decision decision = Decide.next(state, Policy.DEFAULT, NOW).orElseThrow();
    assertThat(decision.effects()).hasSize(1);
    Effect.Destroy destroy = (Effect.Destroy) decision.effects().getFirst().effect();
    assertThat(destroy.terms().instance()).isEqualTo(STRANGER);
    assertThat(destroy.terms().ground()).isEqualTo(Permit.Ground.ABANDONED);
    RunState intended = Fold.fold(state, new Fact.Intended(NOW, 1, destroy, Duration.ofMinutes(5)));
    assertThat(intended.permits()).hasSize(1);
    assertThat(Decide.next(intended, Policy.DEFAULT, NOW)).isEmpty();
  }

  @Test
  void without_the_words_there_is_no_ground_for_a_permit() {
    RunState state = Fold.first(GIVEN).orElseThrow();
    Rental rental = Optional.ofNullable(state.rentals().get(ONE)).orElseThrow();
    RunState unsaid = state.with(rental.with(Rental.Marks.NONE));
    for (Sight.Status status : List.of(Sight.Status.RUNNING, Sight.Status.STOPPED)) {
      Sight sight = Story.sight(status, Sight.Wanted.STOPPED);
      RunState seen = Fold.fold(unsaid, new Fact.ProviderSaw(NOW, ONE, sight));
      assertThat(Permits.rule(seen, ONE, NOW)).isInstanceOf(Permits.Ruling.Refused.class);
    }
  }

  @Test
  void it_is_seen_by_its_number_since_its_label_is_not_ours() {
    Map<dev.salvor.common.unit.RunId, RunState> runs =
        Map.of(Story.RUN, Fold.first(GIVEN).orElseThrow());
    Watch watch = new Watch("f", Duration.ofSeconds(2), NOW.minusSeconds(600));
    Sight sight = Story.sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    Poll.Line line = new Poll.Line(STRANGER, "by hand", sight);
    Poll poll = new Poll.Listed(NOW.plusSeconds(1), List.of(line));
    assertThat(watch.looked(poll, runs, NOW.plusSeconds(1)))
        .singleElement()
        .extracting(Watch.Noticed::fact)
        .isEqualTo(new Fact.ProviderSaw(NOW.plusSeconds(1), ONE, sight));
  }

  @Test
  void one_that_is_looked_after_gets_its_agent_first_and_is_never_left_for_another() {
    RunState state = Fold.first(TAKEN).orElseThrow();
    assertThat(Decide.next(state, Policy.DEFAULT, NOW)).isEmpty();
    RunState runs = saw(state, NOW, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    Decision decision = Decide.next(runs, Policy.DEFAULT, NOW).orElseThrow();
    Effect.Prepare board = (Effect.Prepare) decision.effects().getFirst().effect();
    assertThat(board.instance()).isEqualTo(STRANGER);
    RunState failed = runs;
    Instant later = NOW.plus(Policy.DEFAULT.patience().loading()).plusSeconds(60);
    for (long id = 1; id < 9; id++) {
      failed = Fold.fold(failed, new Fact.Intended(NOW, id, board, Duration.ofMinutes(30)));
      failed = Fold.fold(failed, new Fact.Settled(NOW, id, new Outcome.Failed("no login", true)));
    }
    Decision told = Decide.next(failed, Policy.DEFAULT, later).orElseThrow();
    assertThat(told.facts().getFirst())
        .isInstanceOfSatisfying(
            Fact.Announced.class, a -> assertThat(a.what()).contains("4711", "no login"));
    RunState after = Fold.fold(failed, told.facts().getFirst());
    assertThat(
            Decide.next(after, Policy.DEFAULT, later).orElseThrow().effects().getFirst().effect())
        .isEqualTo(board);
  }

  @Test
  void one_that_comes_back_mute_gets_its_agent_again() {
    RunState state = saw(boarded(), NOW, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    state = Fold.fold(state, new Fact.AgentJoined(NOW, ONE, 1, false, false));
    state = Fold.fold(state, new Fact.VerdictReached(NOW, ONE, new Verdict.Coming()));
    Instant soon = NOW.plusSeconds(30);
    assertThat(prepares(state, soon)).isFalse();
    assertThat(prepares(state, NOW.plusSeconds(180))).isTrue();
  }

  @Test
  void what_its_owner_runs_there_may_write_until_it_stands_still() {
    RunState state = saw(boarded(), NOW, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    state = Fold.fold(state, new Fact.AgentJoined(NOW, ONE, 1, false, false));
    state = Fold.fold(state, new Fact.VerdictReached(NOW, ONE, new Verdict.Alive()));
    state = Fold.fold(state, new Fact.Quiesced(NOW, ONE, 1, 0, true));
    state = Fold.fold(state, new Fact.Approved(NOW, "me"));
    assertThat(Permits.rule(state, ONE, NOW)).isInstanceOf(Permits.Ruling.Refused.class);
    RunState ending = Fold.fold(state, new Fact.WindDownAsked(NOW, "me"));
    assertThat(Decide.next(ending, Policy.DEFAULT, NOW).orElseThrow().effects().getFirst().effect())
        .isEqualTo(new Effect.Stop(ONE, STRANGER));
  }

  @Test
  void one_that_is_lost_for_good_ends_a_run_that_may_rent_nothing() {
    RunState state = saw(boarded(), NOW, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    state = Fold.fold(state, new Fact.VerdictReached(NOW, ONE, new Verdict.Lost(GONE, "gone")));
    state = Fold.fold(state, new Fact.ArmChosen(NOW, ONE, Arm.RELAUNCH));
    Decision end = Decide.next(state, Policy.DEFAULT, NOW).orElseThrow();
    while (end.facts().isEmpty()) {
      state =
          Fold.fold(
              state,
              new Fact.Intended(
                  NOW,
                  state.nextEffect(),
                  end.effects().getFirst().effect(),
                  Duration.ofMinutes(1)));
      end = Decide.next(state, Policy.DEFAULT, NOW).orElseThrow();
    }
    assertThat(end.facts()).hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
    assertThat(end.why()).contains("nothing says how to go on elsewhere");
  }

  @Test
  void one_that_is_not_fit_for_the_job_is_neither_left_nor_taken_for_empty() {
    RunState state = saw(boarded(), NOW, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    state = Fold.fold(state, new Fact.AgentJoined(NOW, ONE, 1, false, false));
    state = Fold.fold(state, new Fact.VerdictReached(NOW, ONE, new Verdict.Alive()));
    state = Fold.fold(state, new Fact.Approved(NOW, "me"));
    state = Fold.fold(state, new Fact.GateRefused(NOW, ONE, 1, "cuda", "too old", "", false));
    Decision told = Decide.next(state, Policy.DEFAULT, NOW).orElseThrow();
    assertThat(told.facts()).singleElement().isInstanceOf(Fact.Announced.class);
    assertThat(told.effects()).isEmpty();
    assertThat(Permits.rule(state, ONE, NOW)).isInstanceOf(Permits.Ruling.Refused.class);
  }

  private static RunState boarded() {
    RunState state = Fold.first(TAKEN).orElseThrow();
    Effect board = new Effect.Prepare(ONE, STRANGER);
    state = Fold.fold(state, new Fact.Intended(NOW, 1, board, Duration.ofMinutes(30)));
    return Fold.fold(state, new Fact.Settled(NOW, 1, new Outcome.Done()));
  }

  private static boolean prepares(RunState state, Instant at) {
    return Decide.next(state, Policy.DEFAULT, at)
        .filter(d -> !d.effects().isEmpty())
        .filter(d -> d.effects().getFirst().effect() instanceof Effect.Prepare)
        .isPresent();
  }

  private static RunState saw(
      RunState state, Instant at, Sight.Status status, Sight.Wanted wanted) {
    return Fold.fold(state, new Fact.ProviderSaw(at, ONE, Story.sight(status, wanted)));
  }

  @Test
  void a_run_begins_with_nothing_else() {
    assertThat(Fold.first(new Fact.Approved(NOW, "me"))).isEmpty();
  }
}
