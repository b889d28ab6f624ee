package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Prunings;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Verdict;
import dev.salvor.controller.core.Withdrawals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionRuleTest {
  private static Unit at(long step) {
    return Story.checkpoint(ONE, 1, step / 100, step);
  }

  private static Story trains(Retention retention) {
    return Story.keeping(retention);
  }

  private static Optional<Unit> next(Story story) {
    return new RetentionRule()
        .decide(story.state(), Policy.DEFAULT, story.now())
        .map(RetentionRuleTest::unit)
        .map(id -> story.state().cargo().units().get(id))
        .map(Cargo.Stowed::unit);
  }

  private static dev.salvor.common.checkpoint.UnitId unit(Decision decision) {
    return ((Effect.Withdraw) decision.effects().getFirst().effect()).terms().unit();
  }

  /// Everything that goes, in order.
  private static List<Unit> gone(Story story) {
    List<Unit> gone = new ArrayList<>();
    for (Optional<Unit> next = next(story); next.isPresent(); next = next(story)) {
      gone.add(next.get());
      story.intend(effect(story)).settle(new Outcome.Done());
    }
    return gone;
  }

  private static Effect effect(Story story) {
    return new RetentionRule()
        .decide(story.state(), Policy.DEFAULT, story.now())
        .orElseThrow()
        .effects()
        .getFirst()
        .effect();
  }

  @Test
  void the_newest_stay_and_the_rest_goes_oldest_first() {
    Story story = trains(new Retention(2, "", 0));
    List.of(100, 200, 300, 400).forEach(step -> story.safe(ONE, at(step)));
    assertThat(gone(story)).containsExactly(at(100), at(200));
    assertThat(story.state().cargo().unsafe(ONE)).isEmpty();
  }

  @Test
  void without_a_retention_everything_stays() {
    Story story = trains(Retention.ALL);
    List.of(100, 200, 300).forEach(step -> story.safe(ONE, at(step)));
    assertThat(next(story)).isEmpty();
  }

  @Test
  void the_first_of_every_so_many_steps_and_the_marked_ones_stay() {
    Story story = trains(new Retention(1, "*best*", 300));
    List.of(100, 200, 300, 400, 500, 700).forEach(step -> story.safe(ONE, at(step)));
    Unit best = Story.checkpoint(ONE, 1, 8, 150, "best.pth");
    story.safe(ONE, best).safe(ONE, at(900));
    assertThat(gone(story)).containsExactly(at(200), at(400), at(500));
  }

  @Test
  void every_series_keeps_its_newest_and_results_are_never_asked_about() {
    Story story = trains(new Retention(1, "", 0));
    story.safe(ONE, Story.checkpoint(ONE, 1, 1, 100, "G.pth"));
    story.safe(ONE, Story.checkpoint(ONE, 1, 2, 100, "D.pth"));
    story.safe(ONE, Story.results(ONE, 1, 3)).safe(ONE, Story.results(ONE, 1, 4));
    assertThat(next(story)).isEmpty();
  }

  @Test
  void what_is_only_inferred_neither_goes_nor_lets_anything_go() {
    Story story = trains(new Retention(1, "", 0)).safe(ONE, at(100));
    Unit newer = at(200);
    story.safe(
        ONE,
        new Unit(
            newer.id(),
            newer.kind(),
            newer.format(),
            newer.step(),
            Completeness.INFERRED,
            newer.manifest(),
            newer.writtenAt()));
    assertThat(next(story)).isEmpty();
  }

  @Test
  void nothing_goes_while_a_box_is_brought_what_it_goes_on_from_or_nobody_knows() {
    Story story = trains(new Retention(1, "", 0)).safe(ONE, at(100)).safe(ONE, at(200));
    story.verdict(ONE, new Verdict.Unknown("our own network is down"));
    assertThat(next(story)).isEmpty();
    story.verdict(ONE, new Verdict.Alive());
    assertThat(next(story)).contains(at(100));
    story.outbid(ONE).fenced(ONE).rented(TWO).joined(TWO, 1);
    story.intend(new Effect.Tell(TWO, 1, new AgentOrder.ProceedFrom(at(200).id(), List.of())));
    assertThat(next(story)).isEmpty();
  }

  @Test
  void a_step_that_the_frontier_has_not_come_to_is_kept_aside() {
    Story story = trains(new Retention(1, "", 0)).safe(ONE, at(100)).safe(ONE, at(900));
    assertThat(next(story)).contains(at(100));
    Story other = trains(new Retention(1, "", 0)).safe(ONE, at(100));
    other.outbid(ONE).fenced(ONE).rented(TWO).trains(TWO, 1);
    other.safe(ONE, at(800)).safe(TWO, Story.checkpoint(TWO, 1, 1, 200));
    assertThat(gone(other)).containsExactly(at(100));
  }

  @Test
  void a_permit_lapses_and_is_minted_for_what_may_go_only() {
    Story story = trains(new Retention(1, "", 0)).safe(ONE, at(100)).safe(ONE, at(200));
    story.intend(effect(story));
    UnitPermit permit = story.state().cargo().withdrawing().permits().values().iterator().next();
    assertThat(Withdrawals.recheck(permit, story.state(), story.now()))
        .isInstanceOf(Withdrawals.Ruling.Granted.class);
    assertThat(Withdrawals.recheck(permit, story.state(), story.now().plus(Duration.ofMinutes(10))))
        .isInstanceOf(Withdrawals.Ruling.Refused.class);
    Story forged = trains(new Retention(1, "", 0)).safe(ONE, at(100)).safe(ONE, at(200));
    forged.intend(
        new Effect.Withdraw(
            new UnitPermit.Terms(
                at(200).id(), List.of(at(100).id()), forged.now().plusSeconds(60))));
    assertThat(forged.state().cargo().withdrawing().permits()).isEmpty();
  }

  @Test
  void what_failed_is_tried_again_after_a_pause() {
    Story story = trains(new Retention(1, "", 0)).safe(ONE, at(100)).safe(ONE, at(200));
    story.intend(effect(story)).settle(new Outcome.Failed("the store is down", true));
    assertThat(next(story)).isEmpty();
    assertThat(next(story.after(Duration.ofMinutes(2)))).contains(at(100));
  }

  @Test
  void what_a_box_may_be_about_to_remove_stays_until_the_box_has_said_that_it_did() {
    Story story = trains(new Retention(1, "", 0, 1));
    List.of(100, 200, 300).forEach(step -> story.safe(ONE, at(step)));
    story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "bytes"));
    story.intend(
        new Effect.Prune(
            ((Prunings.Ruling.Granted) Prunings.rule(story.state(), ONE, at(100).id(), story.now()))
                .terms()));
    assertThat(next(story)).as("it is asked for").contains(at(200));
    story.settle(new Outcome.Failed("no outcome in time", true));
    assertThat(next(story)).as("it may still go").contains(at(200));
    story.fact(new Fact.Pruned(story.now(), ONE, at(100).id()));
    assertThat(next(story)).contains(at(100));
  }
}
