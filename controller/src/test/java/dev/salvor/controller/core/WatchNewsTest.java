package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.RUN;
import static dev.salvor.controller.core.Story.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Sight.Status;
import dev.salvor.controller.core.Sight.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is news and what is not: the journal grows by judgements, never by looking.
class WatchNewsTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Sight RUNS = sight(Status.RUNNING, Wanted.RUNNING, 0.3, 0.2);
  private final Watch watch = new Watch("f", TTL, Story.BEGIN.minusSeconds(600));

  @Test
  void a_look_that_shows_the_same_is_no_news_and_every_change_that_counts_is() {
    assertThat(seen(RUNS, RUNS)).isEmpty();
    assertThat(seen(RUNS, sight(Status.LOADING, Wanted.RUNNING, 0.3, 0.2))).hasSize(1);
    assertThat(seen(RUNS, sight(Status.RUNNING, Wanted.STOPPED, 0.3, 0.2))).hasSize(1);
    assertThat(seen(RUNS, sight(Status.RUNNING, Wanted.RUNNING, 0.31, 0.2))).hasSize(1);
    assertThat(seen(RUNS, ends(RUNS, 900))).hasSize(1);
    assertThat(seen(ends(RUNS, 900), ends(RUNS, 900))).isEmpty();
    assertThat(seen(ends(RUNS, 900), ends(RUNS, 901))).hasSize(1);
  }

  @Test
  void what_a_bid_is_worth_is_news_only_while_a_box_is_paused() {
    assertThat(seen(RUNS, sight(Status.RUNNING, Wanted.RUNNING, 0.3, 0.9))).isEmpty();
    Sight paused = sight(Status.STOPPED, Wanted.RUNNING, 0.01, 0.2);
    assertThat(seen(paused, paused)).isEmpty();
    assertThat(seen(paused, sight(Status.STOPPED, Wanted.RUNNING, 0.01, 0.9))).hasSize(1);
  }

  /// News of a look at a box that was seen so before.
  private List<Fact> seen(Sight before, Sight now) {
    Story story = Story.begin().rented(ONE).fact(new Fact.ProviderSaw(Story.BEGIN, ONE, before));
    return look(story, 1, new Poll.Line(Story.instance(ONE), label(ONE), now));
  }

  @Test
  void a_second_box_under_a_label_of_ours_is_not_taken_for_the_first() {
    Story story = Story.begin().rented(ONE);
    Poll.Line own = new Poll.Line(Story.instance(ONE), label(ONE), RUNS);
    Sight dear = sight(Status.RUNNING, Wanted.RUNNING, 9, 0.2);
    Poll.Line twin = new Poll.Line(new InstanceId(99), label(ONE), dear);
    for (List<Poll.Line> order : List.of(List.of(own, twin), List.of(twin, own))) {
      List<Fact> news = look(story, 1, order.toArray(Poll.Line[]::new));
      assertThat(news).noneMatch(Fact.ProviderSaw.class::isInstance);
    }
  }

  @Test
  void a_box_whose_label_its_owner_changed_is_known_by_its_number() {
    Story story = Story.begin().rented(ONE);
    Sight dear = sight(Status.RUNNING, Wanted.RUNNING, 9, 0.2);
    assertThat(look(story, 1, new Poll.Line(Story.instance(ONE), "mine", dear)))
        .containsExactly(new Fact.ProviderSaw(at(1), ONE, dear));
    assertThat(look(story, 2, new Poll.Line(new InstanceId(99), "mine", dear))).isEmpty();
  }

  @Test
  void the_same_verdict_again_is_no_news_nor_is_another_word_for_the_same_pause() {
    assertThat(judged(new Verdict.Suspect("before"), RUNS)).isEmpty();
    assertThat(judged(new Verdict.Alive(), RUNS)).hasSize(1);
    Sight outbid = sight(Status.STOPPED, Wanted.RUNNING, 0.01, 0.9);
    for (Verdict.Cause cause :
        List.of(Verdict.Cause.OUTBID, Verdict.Cause.STOPPED, Verdict.Cause.CONTAINER_EXITED)) {
      assertThat(judged(new Verdict.Lost(cause, "why"), outbid)).as("%s", cause).isEmpty();
    }
    for (Verdict.Cause cause :
        List.of(Verdict.Cause.HOST_OFFLINE, Verdict.Cause.GONE, Verdict.Cause.CONTRACT_EXPIRED)) {
      assertThat(judged(new Verdict.Lost(cause, "why"), outbid)).as("%s", cause).hasSize(1);
    }
    Sight away = sight(Status.OFFLINE, Wanted.RUNNING, 0.01, 0.9);
    Verdict offline = new Verdict.Lost(Verdict.Cause.HOST_OFFLINE, "why");
    assertThat(judged(offline, away)).isEmpty();
    Verdict paused = new Verdict.Lost(Verdict.Cause.OUTBID, "why");
    assertThat(judged(paused, away)).hasSize(1);
  }

  @Test
  void who_bids_more_than_we_do_has_outbid_us_whatever_the_box_is_meant_to_be() {
    assertThat(cause(sight(Status.STOPPED, Wanted.STOPPED, 0.01, 0.31)))
        .isEqualTo(Verdict.Cause.OUTBID);
    assertThat(cause(sight(Status.STOPPED, Wanted.STOPPED, 0.01, 0.3)))
        .isEqualTo(Verdict.Cause.STOPPED);
    assertThat(cause(sight(Status.STOPPED, Wanted.RUNNING, 0.01, 0.1)))
        .isEqualTo(Verdict.Cause.OUTBID);
    Sight onDemand =
        new Sight(
            Status.STOPPED,
            Wanted.STOPPED,
            false,
            UsdPerHour.of(0.01),
            UsdPerHour.of(9),
            "stopped");
    assertThat(cause(onDemand)).isEqualTo(Verdict.Cause.STOPPED);
  }

  private Verdict.Cause cause(Sight sight) {
    return ((Verdict.Lost) judged(new Verdict.Alive(), sight).getFirst()).cause();
  }

  @Test
  void half_of_the_boxes_silent_or_three_in_all_is_not_the_controllers_fault() {
    assertThat(silent(4, 2)).allMatch(Verdict.Suspect.class::isInstance).hasSize(2);
    assertThat(silent(3, 3)).allMatch(Verdict.Suspect.class::isInstance).hasSize(3);
    assertThat(silent(4, 3)).allMatch(Verdict.Unknown.class::isInstance).hasSize(3);
  }

  /// Verdicts where of so many boxes so many fell silent.
  private static List<Verdict> silent(int boxes, int mute) {
    Watch fleet = new Watch("f", TTL, Story.BEGIN.minusSeconds(600));
    Map<RunId, RunState> runs = new LinkedHashMap<>();
    for (int i = 0; i < boxes; i++) {
      runs.put(new RunId("r" + i), Story.begin().rented(ONE).trains(ONE, 1).state());
    }
    fleet.looked(new Poll.Listed(at(0), List.of()), runs, at(9));
    for (int i = mute; i < boxes; i++) {
      fleet.heard(new RunId("r" + i), ONE, at(9));
    }
    return fleet.judge(runs, at(10)).stream()
        .map(n -> ((Fact.VerdictReached) n.fact()).verdict())
        .toList();
  }

  @Test
  void an_older_frame_that_comes_late_does_not_make_a_box_younger() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).rented(TWO);
    watch.looked(new Poll.Listed(at(0), List.of()), Map.of(RUN, story.state()), at(8));
    watch.heard(RUN, ONE, at(9));
    watch.heard(RUN, ONE, at(1));
    assertThat(watch.judge(Map.of(RUN, story.state()), at(10)))
        .noneMatch(n -> ((Fact.VerdictReached) n.fact()).rental().equals(ONE));
  }

  /// Verdicts on a box that was judged so before and says nothing, and that the provider shows so.
  private List<Verdict> judged(Verdict before, Sight sight) {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).verdict(ONE, before);
    story.fact(new Fact.ProviderSaw(at(1), ONE, sight));
    watch.looked(new Poll.Listed(at(0), List.of()), Map.of(RUN, story.state()), at(9));
    return watch.judge(Map.of(RUN, story.state()), at(10)).stream()
        .map(n -> ((Fact.VerdictReached) n.fact()).verdict())
        .toList();
  }

  private List<Fact> look(Story story, long second, Poll.Line... lines) {
    Poll poll = new Poll.Listed(at(second), List.of(lines));
    return watch.looked(poll, Map.of(RUN, story.state()), at(second)).stream()
        .filter(n -> n.run().equals(RUN))
        .map(Watch.Noticed::fact)
        .toList();
  }

  private static String label(RentalRef ref) {
    return new Label("f", RUN, ref).toString();
  }

  private static Instant at(long seconds) {
    return Story.BEGIN.plusSeconds(seconds);
  }

  private static Sight sight(Status status, Wanted wanted, double burn, double minBid) {
    return new Sight(
        status, wanted, true, UsdPerHour.of(burn), UsdPerHour.of(minBid), status.toString());
  }

  private static Sight ends(Sight s, long second) {
    return new Sight(
        s.status(), s.wanted(), s.bid(), s.burn(), s.minBid(), s.words(), Optional.of(at(second)));
  }
}
