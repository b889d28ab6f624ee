package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.rule.Decide;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box that no run rented, given up by its owner.
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
  void a_run_begins_with_nothing_else() {
    assertThat(Fold.first(new Fact.Approved(NOW, "me"))).isEmpty();
  }
}
