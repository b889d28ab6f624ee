package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PruneRuleTest {
  private static Unit at(long step) {
    return Story.checkpoint(ONE, 1, step / 100, step);
  }

  private static Story crowded() {
    Story story = Story.keeping(new Retention(0, "", 0, 2));
    List.of(100, 200, 300, 400).forEach(step -> story.safe(ONE, at(step)));
    return story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "inodes"));
  }

  private static Optional<Decision> decide(Story story) {
    return new PruneRule().decide(story.state(), Policy.DEFAULT, story.now());
  }

  private static Optional<UnitId> next(Story story) {
    return decide(story)
        .flatMap(d -> d.effects().stream().findFirst())
        .map(planned -> ((Effect.Prune) planned.effect()).terms().unit());
  }

  /// Decides, and intends what was decided.
  private static UnitId ask(Story story) {
    Effect.Prune prune = (Effect.Prune) decide(story).orElseThrow().effects().getFirst().effect();
    story.intend(prune);
    return prune.terms().unit();
  }

  @Test
  void one_at_a_time_goes_oldest_first_down_to_what_stays() {
    Story story = crowded();
    List<UnitId> gone = new ArrayList<>();
    while (next(story).isPresent()) {
      UnitId unit = ask(story);
      assertThat(decide(story)).as("one at a time").isEmpty();
      story.fact(new Fact.Pruned(story.now(), ONE, unit));
      gone.add(unit);
    }
    assertThat(gone).containsExactly(at(100).id(), at(200).id());
    assertThat(story.state().cargo().unsafe(ONE)).isEmpty();
    assertThat(next(story.safe(ONE, at(500)))).contains(at(300).id());
  }

  @Test
  void it_says_what_goes_why_and_what_stays() {
    Decision decision = decide(crowded()).orElseThrow();
    assertThat(decision.rule()).isEqualTo("prune");
    assertThat(decision.what())
        .isEqualTo("remove the checkpoint at step 100 from the box, by permit");
    assertThat(decision.why())
        .isEqualTo(
            "its disk at /work is short of inodes, and the copy is kept; there stay the newest 2"
                + " of each series");
    assertThat(decision.evidence())
        .containsExactly(
            "unit " + at(100).id(),
            "stay: [%s, %s]".formatted(at(400).id(), at(300).id()),
            "frontier at step 400 (%s)".formatted(at(400).id()));
    assertThat(decision.effects().getFirst().patience()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void it_is_for_a_job_that_runs_in_a_run_that_goes_on() {
    assertThat(next(crowded().ended(ONE, 1, 1, "disk-full"))).isEmpty();
    Story ending = crowded();
    ending.fact(new Fact.WindDownAsked(ending.now(), "me"));
    assertThat(decide(ending)).isEmpty();
    assertThat(decide(Story.begin())).isEmpty();
  }

  @Test
  void it_has_its_turn_among_the_rules() {
    assertThat(Decide.RULES).hasAtLeastOneElementOfType(PruneRule.class);
  }

  @Test
  void what_fails_is_tried_three_times_with_rests_then_left_and_told_once() {
    Story story = crowded();
    for (Duration rest : List.of(Duration.ofSeconds(30), Duration.ofSeconds(60))) {
      assertThat(ask(story)).isEqualTo(at(100).id());
      story.settle(new Outcome.Failed("a process has it open", true));
      assertThat(decide(story.after(rest.minusNanos(1)))).isEmpty();
      story.after(Duration.ofNanos(1));
    }
    assertThat(ask(story)).isEqualTo(at(100).id());
    story.settle(new Outcome.Failed("a process has it open", true));
    Decision told = decide(story).orElseThrow();
    assertThat(told.effects()).isEmpty();
    assertThat(told.facts())
        .singleElement()
        .isInstanceOfSatisfying(
            Fact.Announced.class,
            notice -> {
              assertThat(notice.key()).isEqualTo("unpruned:1.1");
              assertThat(notice.what()).contains("rental 1.1", "step 100");
              assertThat(notice.next()).contains("'salvor explain tale'");
            });
    told.facts().forEach(story::fact);
    assertThat(decide(story)).as("told, and resting").isEmpty();
    assertThat(next(story.after(Duration.ofMinutes(2)))).contains(at(200).id());
  }

  private static Optional<Unit> copied(Story story) {
    return new CopyOutRule()
        .decide(story.state(), Policy.DEFAULT, story.now())
        .map(d -> ((Effect.CopyOut) d.effects().getFirst().effect()).unit());
  }

  /// A fast trainer on a slow line: of three, one was copied.
  private static Story hasty(Retention retention) {
    Story story = Story.keeping(retention).seen(ONE, at(100)).seen(ONE, at(200));
    story.seen(ONE, inferred(at(150))).seen(ONE, Story.results(ONE, 1, 8));
    return story.safe(ONE, Story.results(ONE, 1, 9)).safe(ONE, at(300));
  }

  private static Unit inferred(Unit unit) {
    return new Unit(
        new UnitId(1, 1, 2, unit.manifest().digest()),
        unit.kind(),
        unit.format(),
        50,
        Completeness.INFERRED,
        unit.manifest(),
        unit.writtenAt());
  }

  @Test
  void what_was_passed_over_comes_home_on_a_short_disk_so_that_it_may_go() {
    Story story = hasty(new Retention(0, "", 0, 1));
    assertThat(copied(story)).as("there is room").isEmpty();
    story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "bytes"));
    assertThat(next(story)).isEmpty();
    assertThat(copied(story)).contains(at(100));
    assertThat(copied(story.landed(ONE, at(100)))).contains(at(200));
    assertThat(next(story)).contains(at(100).id());
    story.seen(ONE, at(400));
    assertThat(copied(story)).as("the newest comes first").contains(at(400));
    Story all = hasty(Retention.ALL);
    all.fact(new Fact.RoomShort(all.now(), ONE, 1, "/work", "bytes"));
    assertThat(copied(all)).as("nothing would go").isEmpty();
  }

  @Test
  void what_was_passed_over_is_left_after_three_tries_and_where_no_job_runs() {
    Story story = hasty(new Retention(0, "", 0, 1));
    story.fact(new Fact.RoomShort(story.now(), ONE, 1, "/work", "bytes"));
    for (int tries = 0; tries < 3; tries++) {
      assertThat(copied(story.after(Duration.ofMinutes(2)))).contains(at(100));
      story.intend(new Effect.CopyOut(ONE, at(100)));
      story.settle(new Outcome.Failed("it is not there", true));
    }
    assertThat(copied(story.after(Duration.ofMinutes(2)))).contains(at(200));
    story.fact(new Fact.Pruned(story.now(), ONE, at(200).id()));
    assertThat(copied(story)).as("gone, by the box's own word").isEmpty();
    Story ending = hasty(new Retention(0, "", 0, 1));
    ending.fact(new Fact.RoomShort(ending.now(), ONE, 1, "/work", "bytes"));
    assertThat(copied(ending)).isPresent();
    ending.fact(new Fact.WindDownAsked(ending.now(), "me"));
    assertThat(copied(ending)).isEmpty();
    Story over = hasty(new Retention(0, "", 0, 1));
    over.fact(new Fact.RoomShort(over.now(), ONE, 1, "/work", "bytes"));
    assertThat(copied(over.ended(ONE, 1, 0, "done"))).isEmpty();
  }
}
