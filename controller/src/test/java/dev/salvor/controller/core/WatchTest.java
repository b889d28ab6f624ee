package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final Duration TTL = Duration.ofSeconds(2);
  private final Watch watch = new Watch("f", TTL, Story.BEGIN.minusSeconds(600));

  @Test
  void a_box_that_missed_three_beats_is_suspect_while_the_provider_says_it_runs() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    looked(story, 0, line(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING));
    watch.heard(RUN, ONE, at(0));
    assertThat(judged(story, 5)).isEmpty();
    assertThat(judged(story, 6)).singleElement().isInstanceOf(Verdict.Suspect.class);
  }

  @Test
  void silence_of_one_beat_is_a_loss_by_the_providers_word() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    looked(story, 1, line(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING));
    watch.heard(RUN, ONE, at(0));
    assertThat(judged(story, 1)).isEmpty();
    assertThat(judged(story, 2)).singleElement().isEqualTo(lost(Verdict.Cause.OUTBID, "STOPPED"));
  }

  @Test
  void a_box_asked_back_is_not_alive_by_what_it_said_before_its_stop() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    watch.heard(RUN, ONE, at(0));
    looked(story, 1, line(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING));
    Verdict lost = judged(story, 2).getFirst();
    story.fact(new Fact.VerdictReached(at(2), ONE, lost));
    looked(story, 5, line(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING));
    assertThat(judged(story, 5)).singleElement().isInstanceOf(Verdict.Coming.class);
    watch.heard(RUN, ONE, at(6));
    assertThat(judged(story, 6)).singleElement().isInstanceOf(Verdict.Alive.class);
  }

  @Test
  void a_stop_of_its_owner_is_no_outbid() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    looked(story, 1, line(ONE, Sight.Status.STOPPED, Sight.Wanted.STOPPED));
    assertThat(judged(story, 2)).singleElement().isEqualTo(lost(Verdict.Cause.STOPPED, "STOPPED"));
  }

  @Test
  void when_the_provider_does_not_answer_nothing_is_known() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    looked(story, 0, line(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING));
    watch.looked(new Poll.Unanswered(at(5), "timed out"), states(story), at(15));
    assertThat(judged(story, 29)).singleElement().isInstanceOf(Verdict.Suspect.class);
    assertThat(judged(story, 30)).singleElement().isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void a_controller_that_has_only_just_started_knows_nothing() {
    Watch fresh = new Watch("f", TTL, at(0));
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Poll poll =
        new Poll.Listed(at(0), List.of(line(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING)));
    fresh.looked(poll, states(story), at(0));
    assertThat(verdicts(fresh.judge(states(story), at(3))))
        .singleElement()
        .isInstanceOf(Verdict.Unknown.class);
    assertThat(verdicts(fresh.judge(states(story), at(4))))
        .singleElement()
        .isInstanceOf(Verdict.Suspect.class);
  }

  @Test
  void more_than_half_silent_at_once_is_the_controllers_own_fault() {
    Map<RunId, RunState> runs = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      runs.put(new RunId("r" + i), Story.begin().rented(ONE).trains(ONE, 1).state());
    }
    watch.looked(new Poll.Listed(at(0), List.of()), runs, at(0));
    watch.heard(new RunId("r0"), ONE, at(9));
    List<Verdict> verdicts = verdicts(watch.judge(runs, at(10)));
    assertThat(verdicts).hasSize(3).allMatch(v -> v instanceof Verdict.Unknown);
  }

  @Test
  void absent_means_absent_in_three_lists_over_ninety_seconds() {
    Story story = Story.begin().asked(ONE).settle(new Outcome.Unclear("no answer"));
    assertThat(looked(story, 1)).isEmpty();
    assertThat(looked(story, 50)).isEmpty();
    assertThat(looked(story, 90)).isEmpty();
    assertThat(looked(story, 91)).singleElement().isInstanceOf(Fact.RentalAbsent.class);
  }

  @Test
  void a_list_asked_for_before_the_creation_says_nothing_about_it() {
    Story story = Story.begin().after(Duration.ofSeconds(100)).asked(ONE);
    story.settle(new Outcome.Unclear("no answer"));
    for (int s = 0; s <= 100; s += 10) {
      Poll old = new Poll.Listed(at(s), List.of());
      assertThat(watch.looked(old, states(story), at(200 + s))).isEmpty();
    }
  }

  @Test
  void a_list_that_shows_it_begins_the_count_anew() {
    Story story = Story.begin().rented(ONE);
    assertThat(looked(story, 1)).isEmpty();
    assertThat(looked(story, 60)).isEmpty();
    looked(story, 61, line(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING));
    assertThat(looked(story, 100)).isEmpty();
    assertThat(looked(story, 150)).isEmpty();
    assertThat(looked(story, 190))
        .singleElement()
        .matches(f -> f instanceof Fact.ProviderSaw saw && saw.sight().is(Sight.Status.GONE));
  }

  @Test
  void what_was_destroyed_is_gone_at_the_second_list_without_it() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    Permits.Ruling ruling = Permits.rule(story.state(), ONE, story.now());
    story.intend(new Effect.Destroy(((Permits.Ruling.Granted) ruling).terms()));
    story.settle(new Outcome.Done());
    assertThat(looked(story, 1)).isEmpty();
    assertThat(looked(story, 2)).singleElement().isInstanceOf(Fact.ProviderSaw.class);
  }

  @Test
  void a_late_twin_is_found_by_its_label() {
    Story story = Story.begin().asked(ONE).settle(new Outcome.Unclear("no answer"));
    story.fact(new Fact.RentalAbsent(at(100), ONE));
    List<Fact> facts = looked(story, 120, line(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING));
    assertThat(facts).first().isEqualTo(new Fact.RentalFound(at(120), ONE, Story.instance(ONE)));
  }

  @Test
  void labels_of_another_fleet_are_none_of_ours() {
    Story story = Story.begin().asked(ONE);
    Poll.Line foreign =
        new Poll.Line(
            new InstanceId(5),
            "salvor:other:tale:1:1",
            Story.sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING));
    assertThat(looked(story, 1, foreign)).isEmpty();
  }

  @Test
  void a_verdict_tells_what_it_rests_on_with_ages_and_the_consoles_word() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    watch.heard(RUN, ONE, at(1));
    looked(story, 8, line(ONE, Sight.Status.STOPPED, Sight.Wanted.RUNNING));
    Fact.VerdictReached lost =
        (Fact.VerdictReached) watch.judge(states(story), at(10)).getFirst().fact();
    assertThat(lost.evidence())
        .anyMatch(line -> line.startsWith("agent: last frame 9 s ago"))
        .anyMatch(line -> line.startsWith("provider: 2 s ago, \"Scheduling\""))
        .anyMatch(line -> line.contains("0 of 0 boxes speak"))
        .anyMatch(line -> line.equals("sure: yes, agent and provider say the same"));
  }

  @Test
  void what_was_not_heard_while_the_controller_slept_says_nothing() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    watch.heard(RUN, ONE, at(0));
    watch.woke(at(30_000));
    looked(story, 30_001, line(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING));
    assertThat(judged(story, 30_002)).singleElement().isInstanceOf(Verdict.Unknown.class);
    assertThat(judged(story, 30_005)).singleElement().isInstanceOf(Verdict.Suspect.class);
  }

  @Test
  void a_contract_that_ended_and_a_container_that_ended_by_itself_have_their_names() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    Sight s = Story.sight(Sight.Status.STOPPED, Sight.Wanted.RUNNING);
    story.fact(new Fact.ProviderSaw(at(1), ONE, ends(s, true, 5)));
    looked(story, 9, new Poll.Line(Story.instance(ONE), "", ends(s, true, 5)));
    assertThat(judged(story, 10)).singleElement().matches(v -> cause(v, "CONTRACT_EXPIRED"));
    story.fact(new Fact.ProviderSaw(at(11), ONE, ends(s, false, 900)));
    assertThat(judged(story, 12)).singleElement().matches(v -> cause(v, "CONTAINER_EXITED"));
  }

  private static boolean cause(Verdict verdict, String name) {
    return verdict instanceof Verdict.Lost lost && lost.cause().name().equals(name);
  }

  private static Sight ends(Sight s, boolean bid, long second) {
    return new Sight(
        s.status(), s.wanted(), bid, s.burn(), s.minBid(), s.words(), Optional.of(at(second)));
  }

  private static Verdict lost(Verdict.Cause cause, String words) {
    return new Verdict.Lost(cause, "silent, and the provider says: " + words);
  }

  private static Instant at(long seconds) {
    return Story.BEGIN.plusSeconds(seconds);
  }

  private static Poll.Line line(RentalRef ref, Sight.Status status, Sight.Wanted wanted) {
    String label = new Label("f", RUN, ref).toString();
    return new Poll.Line(Story.instance(ref), label, Story.sight(status, wanted));
  }

  private static Map<RunId, RunState> states(Story story) {
    return Map.of(RUN, story.state());
  }

  /// Looks, and folds what it finds.
  private List<Fact> looked(Story story, long second, Poll.Line... lines) {
    Poll poll = new Poll.Listed(at(second), List.of(lines));
    List<Fact> facts =
        watch.looked(poll, states(story), at(second)).stream().map(Watch.Noticed::fact).toList();
    facts.forEach(story::fact);
    return facts;
  }

  private List<Verdict> judged(Story story, long second) {
    return verdicts(watch.judge(states(story), at(second)));
  }

  private static List<Verdict> verdicts(List<Watch.Noticed> noticed) {
    return noticed.stream().map(n -> ((Fact.VerdictReached) n.fact()).verdict()).toList();
  }
}
