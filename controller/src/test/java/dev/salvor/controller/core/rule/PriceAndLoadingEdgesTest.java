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
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a price has risen, when it is too high, and how long a box may take to come: at the edges.
class PriceAndLoadingEdgesTest {
  private static final Policy P = Policy.DEFAULT;

  @Test
  void two_per_cent_are_rounding_and_more_is_a_rise() {
    assertThat(price(costs(0.306))).isEmpty();
    Fact.Announced told = MoneyRulesTest.announced(price(costs(0.306001)).orElseThrow());
    assertThat(told.key()).isEqualTo("price-1.1-306001");
    assertThat(told.next()).contains("salvor explain tale");
    Story silent = costs(0.9).verdict(ONE, new Verdict.Suspect("mute"));
    assertThat(price(silent)).as("it does not speak").isEmpty();
    Story paused = costs(0.9).saw(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    assertThat(price(paused)).as("its disk alone bills").isEmpty();
    Story ending = costs(0.9);
    assertThat(price(ending.fact(new Fact.WindDownAsked(ending.now(), "me")))).isEmpty();
  }

  @Test
  void a_box_over_the_cap_is_left_though_moving_is_dearer_and_its_disk_does_not_count() {
    // The only other one is dearer than to stay.
    Story at = told(1.01).offers(Story.offer(90, 1.81));
    assertThat(price(at)).isEmpty();
    Decision leaves = price(told(1.010001).offers(Story.offer(90, 1.81))).orElseThrow();
    assertThat(leaves.evidence())
        .contains("$1.0100/h is over the cap of $1.0000/h")
        .anyMatch(line -> line.startsWith("stay: $1.0100/h for 6 h 0 min = $6.0600"));
    assertThat(MoneyRulesTest.announced(leaves).key()).isEqualTo("price-leave-1.1");
  }

  @Test
  void what_moving_costs_is_told_with_each_of_its_parts() {
    Decision leaves = price(told(0.9).offers(Story.offer(90, 0.4))).orElseThrow();
    // 0.22 and the disk for six hours, and three minutes of them and of the delay.
    assertThat(leaves.evidence())
        .containsExactly(
            "stay: $0.9000/h for 6 h 0 min = $5.4000",
            "move: $0.2300/h for 6 h 0 min $1.3800 + 3 min until it is up $0.0215"
                + " + 0.0 MB onto it $0.0000 = $1.4015");
  }

  @Test
  void nothing_is_left_where_nothing_else_is_for_rent_or_the_offers_are_old() {
    Story none = told(0.9).offers(Story.offer(90, 9));
    assertThat(price(none)).isEmpty();
    Story old = told(0.9).offers(Story.offer(90, 0.4)).after(P.patience().offers());
    assertThat(price(old)).isPresent();
    assertThat(price(old.after(Duration.ofMillis(1)))).isEmpty();
  }

  /// Rented at 0.30, and told that it costs so much now.
  private static Story told(double burn) {
    Story story = costs(burn);
    price(story).orElseThrow().facts().forEach(story::fact);
    return story.after(Duration.ofSeconds(1));
  }

  private static Story costs(double burn) {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Sight s = Story.sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    return story.fact(
        new Fact.ProviderSaw(
            story.now(),
            ONE,
            new Sight(
                s.status(), s.wanted(), s.bid(), UsdPerHour.of(burn), s.minBid(), s.words())));
  }

  @Test
  void a_new_box_has_its_time_from_when_it_was_asked_for_and_one_that_comes_back_from_then() {
    Story fresh = Story.begin().asked(ONE).after(Duration.ofMinutes(1));
    fresh.settle(new Outcome.Created(Story.instance(ONE)));
    fresh.saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    Effect early = new Effect.ReadLog(ONE, Story.instance(ONE));
    Duration part = P.patience().loading().dividedBy(5);
    fresh.after(part.minusMinutes(1));
    assertThat(loading(fresh)).isEmpty();
    assertThat(loading(fresh.after(Duration.ofMillis(1))).orElseThrow().what())
        .isEqualTo("read what its host says of it");
    fresh.intend(early).settle(new Outcome.Said(List.of("pulling")));
    assertThat(loading(fresh)).isEmpty();
    fresh.after(P.patience().loading().minus(part).minusMillis(1));
    assertThat(loading(fresh)).isEmpty();
    fresh.after(Duration.ofMillis(1)).intend(early).settle(new Outcome.Said(List.of("pulling")));
    assertThat(arms(loading(fresh))).containsExactly(Arm.RELAUNCH);

    Story back = Story.begin().rented(ONE).trains(ONE, 1).outbid(ONE).after(Duration.ofHours(5));
    back.saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    back.verdict(ONE, new Verdict.Coming()).after(P.patience().loading());
    assertThat(loading(back)).isEmpty();
    Decision read = loading(back.after(Duration.ofMillis(1))).orElseThrow();
    Effect log = new Effect.ReadLog(ONE, Story.instance(ONE));
    assertThat(read.effects().getFirst().effect()).isEqualTo(log);
    assertThat(loading(back.intend(log))).as("it is read").isEmpty();
    back.settle(new Outcome.Said(List.of("no route")));
    Decision left = loading(back).orElseThrow();
    assertThat(arms(Optional.of(left))).containsExactly(Arm.RELAUNCH);
    assertThat(left.evidence()).contains("its log: no route");
  }

  @Test
  void a_box_that_speaks_is_lost_or_was_given_up_is_not_waited_for() {
    Story speaks = Story.begin().rented(ONE).joined(ONE, 1).after(Duration.ofHours(1));
    assertThat(loading(speaks)).isEmpty();
    Story given = Story.begin().rented(ONE).after(Duration.ofHours(1));
    assertThat(loading(given)).isPresent();
    given.fact(new Fact.ArmChosen(given.now(), ONE, Arm.RELAUNCH));
    assertThat(loading(given)).isEmpty();
    Story gone = Story.begin().rented(ONE).after(Duration.ofHours(1));
    assertThat(loading(gone.saw(ONE, Sight.Status.GONE, Sight.Wanted.STOPPED))).isEmpty();
    Story ending = Story.begin().rented(ONE).after(Duration.ofHours(1));
    assertThat(loading(ending.fact(new Fact.WindDownAsked(ending.now(), "me")))).isEmpty();
  }

  @Test
  void leaving_in_order_waits_ten_minutes_for_a_checkpoint_that_came_after_it_was_told() {
    Departure departure = new Departure("why", "leaves", "its price", "nothing", List.of("sums"));
    Story story = Story.of(MoneyRulesTest.listening()).rented(ONE).trains(ONE, 1);
    story.safe(ONE, checkpoint(ONE, 1, 1, 10)).after(Duration.ofSeconds(1));
    Decision begun = from(departure, story).orElseThrow();
    assertThat(begun.facts())
        .containsExactly(
            new Fact.Announced(story.now(), "leaves", "its price", "nothing"),
            new Fact.CheckpointAsked(story.now(), "why"));
    begun.facts().forEach(story::fact);
    story.after(Duration.ofMinutes(10));
    assertThat(from(departure, story)).isEmpty();
    story.safe(ONE, Story.results(ONE, 1, 2));
    assertThat(from(departure, story)).as("results are no checkpoint").isEmpty();
    story.seen(ONE, checkpoint(ONE, 1, 3, 20));
    assertThat(from(departure, story)).as("it is not home").isEmpty();
    story.landed(ONE, checkpoint(ONE, 1, 3, 20));
    assertThat(from(departure, story).orElseThrow().evidence())
        .containsExactly("sums", "a checkpoint that came after it was told is home");

    Story mute = Story.begin().rented(ONE).trains(ONE, 1);
    Decision silent = from(departure, mute).orElseThrow();
    assertThat(silent.facts()).hasSize(1);
    silent.facts().forEach(mute::fact);
    mute.after(Duration.ofMinutes(10));
    assertThat(from(departure, mute)).isEmpty();
    assertThat(from(departure, mute.after(Duration.ofMillis(1))).orElseThrow().evidence())
        .containsExactly("sums", "no checkpoint came in 10 min, or no job runs there");
  }

  private static Optional<Decision> from(Departure departure, Story story) {
    return departure.from(story.state(), story.rental(ONE), story.now());
  }

  private static List<Arm> arms(Optional<Decision> decision) {
    return decision.orElseThrow().facts().stream().map(f -> ((Fact.ArmChosen) f).arm()).toList();
  }

  private static Optional<Decision> price(Story story) {
    return new PriceRule().decide(story.state(), P, story.now());
  }

  private static Optional<Decision> loading(Story story) {
    return new LoadingRule().decide(story.state(), P, story.now());
  }
}
