package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.BEGIN;
import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The sums of the three arms, to the cent: whoever asks why reads them.
class ArmsTest {
  private static final String WATCHED =
      "its price was over %s for 0 s of the 60 min it was watched, and came back 0 times";

  @Test
  void each_arm_is_the_sum_of_its_parts() {
    Story story = trained(Story.begin()).outbid(ONE).rescued(ONE, true);
    Arms arms = weigh(story.offers(Story.offer(90, 0.4)));

    assertThat(arms.evidence())
        .containsExactly(
            "work lost: 60 min if it goes on from its disk, 60 min from the frontier at step 10 (%s)"
                .formatted(checkpoint(ONE, 1, 1, 10).id()),
            "relaunch: $0.2200 $0.2200/h for 60 min + $0.0210 3 min until it is up"
                + " + $0.4200 60 min of work again = $0.6610",
            "raise: $0.2200 $0.2200/h for 60 min + $0.0017 30 s at risk (it may not come back; "
                + WATCHED.formatted("$0.2200/h")
                + ") + $0.4200 60 min of work again = $0.6417",
            "wait: $0.3000 $0.3000/h for 60 min + $0.1000 30 min until the rival goes ("
                + WATCHED.formatted("$0.3000/h")
                + ") + $0.0050 its disk until then + $0.5000 60 min of work again = $0.9050");
    assertThat(arms.best()).isEqualTo(Arm.RAISE);
    assertThat(arms.bid()).isEqualTo(UsdPerHour.of(0.22));
    assertThat(arms.why()).isEqualTo("expected to cost least: $0.6417");
  }

  @Test
  void a_price_that_was_high_before_makes_a_raise_a_risk() {
    Story story = trained(Story.begin());
    // An hour over every bid, and back: of two and a half hours, half an hour taken for granted.
    priced(story, 0.9).after(Duration.ofHours(1));
    priced(story, 0.5);
    Arms arms = weigh(story);
    // 45 min in the mean, 40 % of the time, and half a minute: 18 min and a half.
    assertThat(arms.evidence())
        .anyMatch(line -> line.startsWith("raise: ") && line.contains("18 min at risk"));
  }

  @Test
  void bytes_cost_what_the_host_asks_for_them() {
    Offer dear = priced(Story.offer(11, 0.5), 1_000_000_000_000L, 0);
    Story story = Story.begin().intend(new Effect.Create(ONE, dear, UsdPerHour.of(0.3), true));
    story.settle(new Outcome.Created(Story.instance(ONE)));
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).trains(ONE, 1);
    story.safe(ONE, checkpoint(ONE, 1, 1, 10)).seen(ONE, checkpoint(ONE, 1, 2, 20)).outbid(ONE);
    story.rescued(ONE, false);
    Offer onto = priced(Story.offer(90, 0.4), 0, 2_000_000_000_000L);
    // A hundred bytes at a dollar for ten million of them, and an hour of the disk.
    assertThat(relaunch(weigh(story.offers(onto))))
        .contains("$0.2000 0.0 MB onto it + $0.1100 for what stays on the old disk");
  }

  @Test
  void a_disk_that_was_brought_home_whole_or_never_had_a_job_costs_nothing_to_leave() {
    Story whole = trained(Story.begin()).outbid(ONE).rescued(ONE, true);
    assertThat(relaunch(weigh(whole.offers(Story.offer(90, 0.4))))).doesNotContain("old disk");
    Story part = trained(Story.begin()).outbid(ONE).rescued(ONE, false);
    assertThat(relaunch(weigh(part.offers(Story.offer(90, 0.4)))))
        .contains("$0.0100 for what stays on the old disk");
    Story empty = Story.begin().rented(ONE).joined(ONE, 1).outbid(ONE);
    assertThat(relaunch(weigh(empty.offers(Story.offer(90, 0.4))))).doesNotContain("old disk");
  }

  @Test
  void an_arm_that_cannot_be_taken_says_why() {
    Story none = trained(Story.begin()).outbid(ONE);
    assertThat(weigh(none).evidence()).contains("relaunch: no offer fits");
    Story mute = priced(trained(Story.begin()).outbid(ONE), 0);
    assertThat(weigh(mute).evidence()).contains("raise: the provider names no bid that would run");
    Story fenced = trained(Story.begin()).fenced(ONE);
    assertThat(weigh(fenced).evidence())
        .contains("wait: it was stopped, and does not come back by itself");
    Story tried = trained(Story.begin()).outbid(ONE);
    tried.fact(new Fact.ArmChosen(tried.now(), ONE, Arm.RAISE));
    tried.fact(new Fact.ArmChosen(tried.now(), ONE, Arm.WAIT));
    Arms last = weigh(tried);
    assertThat(last.evidence())
        .contains(
            "raise: tried, and the box did not come back in time", "wait: waited long enough");
    assertThat(last.best()).isEqualTo(Arm.RELAUNCH);
    assertThat(last.why()).isEqualTo("nothing else is left to try");
  }

  @Test
  void a_bid_of_just_the_cap_is_made_and_one_over_it_never() {
    Story at = priced(trained(Story.begin()).outbid(ONE), 0.909091);
    assertThat(weigh(at).bid()).isEqualTo(at.state().spec().market().cap());
    assertThat(weigh(at).evidence()).anyMatch(line -> line.startsWith("raise: $1.0000"));
    Story over = priced(trained(Story.begin()).outbid(ONE), 0.91);
    assertThat(weigh(over).evidence()).contains("raise: $1.0010/h is over the cap of $1.0000/h");
  }

  @Test
  void of_arms_that_keep_the_deadline_the_cheapest_is_taken_though_another_is_cheaper() {
    Story free = dueAfter(Duration.ofDays(20));
    assertThat(weigh(free).best()).isEqualTo(Arm.WAIT);
    assertThat(weigh(free).why()).doesNotContain("deadline");
    // Half an hour is what a rival is thought to stay.
    Story just = dueAfter(Duration.ofMinutes(30));
    assertThat(weigh(just).best()).isEqualTo(Arm.WAIT);
    Story tight = dueAfter(Duration.ofMinutes(30).minusSeconds(1));
    Arms arms = weigh(tight);
    assertThat(arms.best()).isEqualTo(Arm.RAISE);
    assertThat(arms.why()).startsWith("expected to cost least of those that keep the deadline: $");
    assertThat(arms.evidence())
        .contains("wait: would miss the deadline")
        .doesNotContain("raise: would miss the deadline");
  }

  @Test
  void where_none_keeps_the_deadline_the_cheapest_of_all_is_taken() {
    Arms arms = weigh(dueAfter(Duration.ofMinutes(-1)));
    assertThat(arms.best()).isEqualTo(Arm.WAIT);
    assertThat(arms.why()).doesNotContain("deadline");
    assertThat(arms.evidence()).noneMatch(line -> line.endsWith("would miss the deadline"));
  }

  /// Two hours of work are left at its pace; the deadline leaves so much beside them.
  private static Story dueAfter(Duration slack) {
    Story story = Story.due(BEGIN.plus(Duration.ofHours(3)).plusSeconds(20).plus(slack));
    story.rented(ONE).trains(ONE, 1).fact(new Fact.GoalSeen(story.now(), ONE, 300));
    story.safe(ONE, checkpoint(ONE, 1, 1, 0)).after(Duration.ofHours(1));
    story.safe(ONE, checkpoint(ONE, 1, 2, 100)).outbid(ONE);
    return priced(story.rescued(ONE, true), 0.8);
  }

  /// For an hour, after a checkpoint.
  private static Story trained(Story story) {
    story.rented(ONE).trains(ONE, 1).safe(ONE, checkpoint(ONE, 1, 1, 10));
    return story.after(Duration.ofHours(1));
  }

  private static Offer priced(Offer o, long uploadPerGb, long downloadPerGb) {
    return new Offer(
        o.id(),
        o.machine(),
        o.gpu(),
        o.gpus(),
        o.price(),
        o.minBid(),
        o.storage(),
        uploadPerGb,
        downloadPerGb,
        o.reliability(),
        o.place());
  }

  /// Paused, and by the provider's word so much would let it run.
  private static Story priced(Story story, double minBid) {
    Sight s = Story.sight(Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    return story.fact(
        new Fact.ProviderSaw(
            story.now(),
            ONE,
            new Sight(s.status(), s.wanted(), true, s.burn(), UsdPerHour.of(minBid), s.words())));
  }

  private static Arms weigh(Story story) {
    return Arms.weigh(story.state(), Policy.DEFAULT, story.rental(ONE), story.now());
  }

  private static String relaunch(Arms arms) {
    List<String> lines =
        arms.evidence().stream().filter(line -> line.startsWith("relaunch: ")).toList();
    return lines.getFirst();
  }
}
