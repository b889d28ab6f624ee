package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArmRuleTest {
  private final ArmRule rule = new ArmRule();

  @Test
  void an_outbid_box_is_rescued_before_anything_is_chosen() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).offers(Story.offer(90, 0.4));
    assertThat(decide(story)).isEmpty();
    assertThat(new RescueRule().decide(story.state(), Policy.DEFAULT, story.now()))
        .get()
        .extracting(d -> d.effects().getFirst().effect())
        .isEqualTo(new Effect.Rescue(ONE, Story.instance(ONE)));
  }

  @Test
  void no_arm_is_weighed_on_offers_of_yesterday() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).rescued(ONE, true);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void the_cheapest_arm_is_chosen() {
    assertThat(arm(lost().offers(Story.offer(90, 0.2)))).isEqualTo(Arm.RELAUNCH);
    assertThat(arm(lost().offers(Story.offer(90, 2)))).isEqualTo(Arm.RAISE);
  }

  @Test
  void an_arm_has_its_time_and_then_gives_way() {
    Story story = lost().offers(Story.offer(90, 2));
    Decision raise = decide(story).orElseThrow();
    raise.facts().forEach(story::fact);
    story.intend(raise.effects().getFirst().effect()).settle(new Outcome.Done());
    story.after(Policy.DEFAULT.raiseDeadline().minusSeconds(1)).offers(Story.offer(90, 2));
    assertThat(decide(story)).isEmpty();
    story.after(Duration.ofSeconds(2));
    assertThat(arm(story)).isEqualTo(Arm.WAIT);
  }

  @Test
  void a_bid_over_the_cap_is_never_made() {
    Story story = lost().offers(Story.offer(90, 2));
    var dear = Story.sight(Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    story.fact(
        new Fact.ProviderSaw(
            story.now(),
            ONE,
            new Sight(
                dear.status(),
                dear.wanted(),
                true,
                dear.burn(),
                story.state().spec().market().cap(),
                "dear")));
    assertThat(arm(story)).isEqualTo(Arm.WAIT);
  }

  @Test
  void a_fixed_bid_is_never_raised() {
    RunSpec usual = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Market m = usual.market();
    RunSpec fixed =
        usual.with(
            new RunSpec.Market(
                m.image(), m.query(), m.diskGb(), true, m.cap(), RunSpec.Bidding.FIXED));
    Story story = Story.of(fixed).rented(ONE).trains(ONE, 1).outbid(ONE).rescued(ONE, true);
    assertThat(arm(story.offers(Story.offer(90, 2)))).isEqualTo(Arm.WAIT);
  }

  @Test
  void an_offline_host_means_elsewhere_at_once() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.verdict(ONE, new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "away"));
    assertThat(arm(story)).isEqualTo(Arm.RELAUNCH);
  }

  @Test
  void on_unknown_nothing_is_chosen() {
    Story story = lost().offers(Story.offer(90, 0.2));
    assertThat(decide(story.verdict(ONE, new Verdict.Unknown("no answer")))).isEmpty();
  }

  private static Story lost() {
    return Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).rescued(ONE, true);
  }

  private Optional<Decision> decide(Story story) {
    return rule.decide(story.state(), Policy.DEFAULT, story.now());
  }

  private Arm arm(Story story) {
    return ((Fact.ArmChosen) decide(story).orElseThrow().facts().getFirst()).arm();
  }
}
