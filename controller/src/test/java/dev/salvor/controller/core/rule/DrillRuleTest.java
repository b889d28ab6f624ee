package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box is stopped and started again, to see that the job survives it.
class DrillRuleTest {
  private final DrillRule rule = new DrillRule();

  @Test
  void nothing_is_stopped_before_a_checkpoint_is_home() {
    Story story = asked();
    assertThat(decide(story)).isEmpty();
    story.seen(ONE, checkpoint(ONE, 1, 1, 100));
    assertThat(decide(story)).isEmpty();
    story.landed(ONE, checkpoint(ONE, 1, 1, 100));
    assertThat(effect(story)).isEqualTo(new Effect.Stop(ONE, Story.instance(ONE)));
  }

  @Test
  void it_is_started_again_at_its_price_and_no_arm_is_chosen_meanwhile() {
    Story story = stopped();
    assertThat(effect(story))
        .isEqualTo(new Effect.Raise(ONE, Story.instance(ONE), story.rental(ONE).price()));
    story.offers(Story.offer(90, 0.2));
    assertThat(new ArmRule().decide(story.state(), Policy.DEFAULT, story.now())).isEmpty();
  }

  @Test
  void a_job_that_runs_again_ends_it_and_is_told() {
    Story story = stopped();
    carryOut(story);
    story.settle(new Outcome.Done()).after(Duration.ofSeconds(40)).joined(ONE, 2);
    assertThat(decide(story)).isEmpty();
    story.fact(new Fact.JobStarted(story.now(), ONE, 2));
    assertThat(decide(story)).isEmpty();
    Unit later = Story.checkpoint(ONE, 2, 1, 120);
    story.seen(
        ONE,
        new Unit(
            later.id(),
            later.kind(),
            later.format(),
            later.step(),
            later.completeness(),
            later.manifest(),
            story.now()));
    Decision over = decide(story).orElseThrow();
    assertThat(MoneyRulesTest.announced(over).what())
        .contains("runs again on boot 2", "step 100 before, 120 in its first checkpoint");
    over.facts().forEach(story::fact);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void a_box_that_does_not_come_back_is_a_loss_like_any_other() {
    Story story = stopped();
    carryOut(story);
    story.settle(new Outcome.Done());
    Decision over = decide(story.after(Duration.ofMinutes(16))).orElseThrow();
    assertThat(MoneyRulesTest.announced(over).what()).contains("did not come back");
    over.facts().forEach(story::fact);
    story.offers(Story.offer(90, 0.2));
    assertThat(new ArmRule().decide(story.state(), Policy.DEFAULT, story.now())).isPresent();
  }

  @Test
  void a_job_that_never_saves_is_never_stopped() {
    Decision over = decide(asked().after(Duration.ofMinutes(31))).orElseThrow();
    assertThat(over.effects()).isEmpty();
    assertThat(MoneyRulesTest.announced(over).what()).contains("no verified checkpoint");
  }

  private static Story asked() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    return story.fact(new Fact.DrillAsked(story.now(), "user")).after(Duration.ofSeconds(5));
  }

  private Story stopped() {
    Story story = asked().safe(ONE, checkpoint(ONE, 1, 1, 100));
    carryOut(story);
    story.settle(new Outcome.Done()).after(Duration.ofSeconds(20)).fenced(ONE);
    return story.rescued(ONE, true);
  }

  private void carryOut(Story story) {
    Decision decision = decide(story).orElseThrow();
    decision.facts().forEach(story::fact);
    decision.effects().forEach(planned -> story.intend(planned.effect()));
  }

  private Effect effect(Story story) {
    return decide(story).orElseThrow().effects().getFirst().effect();
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }
}
