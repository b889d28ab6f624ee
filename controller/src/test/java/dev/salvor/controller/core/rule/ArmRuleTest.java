package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.UsdPerHour;
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
    story.saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    story.after(Policy.DEFAULT.patience().raise().minusSeconds(1)).offers(Story.offer(90, 2));
    assertThat(decide(story)).isEmpty();
    story.after(Duration.ofSeconds(2));
    assertThat(arm(story)).isEqualTo(Arm.WAIT);
  }

  @Test
  void half_a_minute_of_scheduling_is_a_lost_gpu() {
    Story story = lost().offers(Story.offer(90, 2));
    Decision raise = decide(story).orElseThrow();
    raise.facts().forEach(story::fact);
    story.intend(raise.effects().getFirst().effect()).settle(new Outcome.Done());
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    story.after(Policy.DEFAULT.patience().scheduling().minusSeconds(1)).offers(Story.offer(90, 2));
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

  @Test
  void a_machine_whose_price_stays_high_is_not_waited_for() {
    // Ten hours of watching: over our bid most of the time, and back but once.
    Story story = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE);
    for (int hour = 0; hour < 5; hour++) {
      priced(story, hour == 2 ? 0.1 : 0.5 + hour * 0.01).after(Duration.ofHours(2));
    }
    story.rescued(ONE, true).offers(Story.offer(90, 0.7));
    Decision decision = decide(story).orElseThrow();
    assertThat(((Fact.ArmChosen) decision.facts().getFirst()).arm()).isNotEqualTo(Arm.WAIT);
    assertThat(decision.evidence())
        .anyMatch(line -> line.startsWith("wait: ") && line.contains("came back 1 times"))
        .anyMatch(line -> line.startsWith("relaunch: ") && line.contains("for 60 min"));
  }

  @Test
  void work_that_lies_on_the_disk_alone_speaks_against_leaving_it() {
    Story far = Story.begin().rented(ONE).trains(ONE, 1);
    far.safe(ONE, checkpoint(ONE, 1, 1, 10)).after(Duration.ofHours(20));
    far.seen(ONE, checkpoint(ONE, 1, 2, 900)).after(Duration.ofSeconds(5)).outbid(ONE);
    far.intend(new Effect.Rescue(ONE, Story.instance(ONE)));
    far.settle(new Outcome.Failed("no rsync here", false)).offers(Story.offer(90, 0.3));
    Decision decision = decide(far).orElseThrow();
    assertThat(((Fact.ArmChosen) decision.facts().getFirst()).arm()).isNotEqualTo(Arm.RELAUNCH);
    assertThat(decision.evidence().getFirst())
        .contains("5 s if it goes on from its disk", "20 h 0 min from the frontier");
  }

  @Test
  void bytes_onto_the_new_box_are_priced_at_its_hosts_price() {
    Story story = lost();
    story.fact(new Fact.UnitSeen(story.now(), ONE, checkpoint(ONE, 1, 3, 50)));
    assertThat(decide(story.offers(Story.offer(90, 0.4))).orElseThrow().evidence())
        .anyMatch(line -> line.startsWith("relaunch: ") && line.contains("until it is up"));
  }

  @Test
  void an_arm_that_would_miss_the_deadline_is_left_out() {
    Story story = Story.due(Story.BEGIN.plus(Duration.ofHours(4))).rented(ONE).trains(ONE, 1);
    story.fact(new Fact.GoalSeen(story.now(), ONE, 300));
    story.safe(ONE, checkpoint(ONE, 1, 1, 0));
    story.after(Duration.ofHours(1)).safe(ONE, checkpoint(ONE, 1, 2, 100));
    // Two hours of work are left, and two hours and a quarter.
    story.after(Duration.ofMinutes(45)).safe(ONE, checkpoint(ONE, 1, 3, 101));
    story.outbid(ONE).rescued(ONE, true);
    Decision decision = decide(story.offers(Story.offer(90, 0.9))).orElseThrow();
    assertThat(decision.evidence())
        .anyMatch(line -> line.startsWith("deadline "))
        .anyMatch(line -> line.contains("wait"));
  }

  @Test
  void a_contract_that_is_over_leaves_only_elsewhere() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.saw(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    story.verdict(ONE, new Verdict.Lost(Verdict.Cause.CONTRACT_EXPIRED, "over"));
    story.rescued(ONE, true).offers(Story.offer(90, 2));
    assertThat(arm(story)).isEqualTo(Arm.RELAUNCH);
  }

  private static Story priced(Story story, double minBid) {
    var s = Story.sight(Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    return story.fact(
        new Fact.ProviderSaw(
            story.now(),
            ONE,
            new Sight(s.status(), s.wanted(), true, s.burn(), UsdPerHour.of(minBid), s.words())));
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
