package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Story;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateRuleTest {
  @Test
  void box_that_is_not_fit_is_left_before_its_job_and_its_machine_remembered() {
    Story story = refused(Story.begin().rented(ONE).joined(ONE, 1), ONE, 1, false);

    Decision left = decide(story).orElseThrow();

    assertThat(left.facts().getFirst())
        .isEqualTo(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    assertThat(left.why()).isEqualTo("cuda: the driver is too old");
    assertThat(left.evidence()).contains("filter that avoids it: cuda_max_good>=12.8");
    left.facts().forEach(story::fact);
    assertThat(story.state().notices().getFirst().next()).contains("cuda_max_good>=12.8");
    assertThat(FailedMachine.known(List.of(story.state()), story.now()))
        .singleElement()
        .satisfies(failed ->
            assertThat(failed.why()).isEqualTo("refused before the job: the driver is too old"));
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void first_boot_that_was_refused_is_erased_at_once_as_nothing_began_there() {
    Story story = refused(Story.begin().rented(ONE).joined(ONE, 1), ONE, 1, false);

    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOfSatisfying(
            Permits.Ruling.Granted.class,
            granted ->
                assertThat(granted.terms().ground()).isEqualTo(Permit.Ground.NOTHING_TO_LOSE));
  }

  @Test
  void later_boot_that_was_refused_is_rescued_and_not_erased() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.seen(ONE, Story.checkpoint(ONE, 1, 1, 100)).outbid(ONE).joined(ONE, 2);
    refused(story, ONE, 2, true);

    decide(story).orElseThrow().facts().forEach(story::fact);

    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOf(Permits.Ruling.Refused.class);
    story.fenced(ONE);
    assertThat(
            new RescueRule()
                .decide(story.state(), Policy.DEFAULT, story.now())
                .orElseThrow()
                .effects()
                .getFirst()
                .effect())
        .isEqualTo(new Effect.Rescue(ONE, Story.instance(ONE)));
  }

  @Test
  void box_that_says_so_while_its_job_runs_is_not_believed() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.GateRefused(story.now(), ONE, 1, "cuda", "old", "", false));

    assertThat(decide(story)).isEmpty();
    assertThat(story.rental(ONE).aboard().everOrdered()).isTrue();
  }

  @Test
  void order_that_is_still_under_way_may_yet_start_it() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1).intend(proceed(ONE));
    story.fact(new Fact.GateRefused(story.now(), ONE, 1, "cuda", "old", "", false));

    assertThat(story.rental(ONE).aboard().everOrdered()).isTrue();
  }

  @Test
  void five_boxes_in_a_row_are_enough() {
    Story story = refused(Story.begin().rented(ONE).joined(ONE, 1), ONE, 1, false);
    for (int i = 2; i <= 5; i++) {
      decide(story).orElseThrow().facts().forEach(story::fact);
      RentalRef next = new RentalRef(i, 1);
      refused(story.rented(next).joined(next, 1), next, 1, false);
    }

    decide(story).orElseThrow().facts().forEach(story::fact);

    assertThat(story.state().will().toString()).contains("the driver is too old");
    assertThat(story.state().notices()).anyMatch(n -> n.what().contains("5 boxes in a row"));
    assertThat(decide(story)).isEmpty();
  }

  /// The order to start was delivered, and the box said no.
  private static Story refused(Story story, RentalRef ref, int boot, boolean everStarted) {
    return story
        .intend(new Effect.Tell(ref, boot, new AgentOrder.Proceed()))
        .settle(new Outcome.Done())
        .fact(
            new Fact.GateRefused(
                story.now(),
                ref,
                boot,
                "cuda",
                "the driver is too old",
                "cuda_max_good>=12.8",
                everStarted));
  }

  private static Effect proceed(RentalRef ref) {
    return new Effect.Tell(ref, 1, new AgentOrder.Proceed());
  }

  private static Optional<Decision> decide(Story story) {
    return new GateRule().decide(story.state(), Policy.DEFAULT, story.now());
  }
}
