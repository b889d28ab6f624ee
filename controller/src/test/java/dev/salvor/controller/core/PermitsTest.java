package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.checkpoint;
import static dev.salvor.controller.core.Story.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Permit.Ground;
import dev.salvor.controller.core.Permits.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PermitsTest {
  @Test
  void receipt_at_step_1000_and_a_checkpoint_1100_after_it_means_no_destroy() {
    Story story =
        Story.begin()
            .rented(ONE)
            .trains(ONE, 1)
            .safe(ONE, checkpoint(ONE, 1, 1, 1000))
            .ended(ONE, 1, 0, "done")
            .quiesced(ONE, 1, 1);
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
    story.seen(ONE, checkpoint(ONE, 1, 2, 1100));
    assertThat(against(story)).contains("step 1100 is complete and has no receipt");
    story.quiesced(ONE, 1, 2);
    assertThat(against(story)).contains("step 1100 is complete and has no receipt");
    story.landed(ONE, checkpoint(ONE, 1, 2, 1100));
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
  }

  @Test
  void a_permit_lives_for_as_long_as_its_copies_take_to_be_read() {
    Story small = finished();
    assertThat(terms(small).expires()).isEqualTo(small.now().plus(Permits.LIFE));
    Unit unit = checkpoint(ONE, 1, 7, 3000);
    FileEntry file =
        new FileEntry("model", 50_000_000_000L, unit.manifest().files().getFirst().digest());
    Manifest manifest = new Manifest("/work/large", List.of(file));
    UnitId id = new UnitId(1, 1, 7, manifest.digest());
    Unit large =
        new Unit(id, unit.kind(), "test", 3000, unit.completeness(), manifest, unit.writtenAt());
    Story story = finished().safe(ONE, large).quiesced(ONE, 1, 7);
    Permit.Terms terms = terms(story);
    assertThat(terms.expires())
        .isEqualTo(story.now().plus(Permits.LIFE).plus(Duration.ofSeconds(10_000)));
    assertThat(Permits.mint(story.state(), terms, story.now())).isPresent();
    Permit permit = Permits.mint(story.state(), terms, story.now()).orElseThrow();
    story.after(Duration.ofHours(2));
    assertThat(Permits.recheck(permit, story.state(), story.now()))
        .isInstanceOf(Ruling.Granted.class);
    assertThat(Permits.recheck(permit, story.state(), terms.expires()))
        .isInstanceOf(Ruling.Refused.class);
    Permit.Terms longer =
        new Permit.Terms(
            terms.rental(),
            terms.instance(),
            terms.boot(),
            terms.position(),
            terms.ground(),
            terms.why(),
            terms.expires().plusSeconds(1 + 7_200));
    assertThat(Permits.mint(story.state(), longer, story.now())).isEmpty();
  }

  @Test
  void quiet_at_an_older_position_does_not_cover_what_came_after() {
    Story story = finished().seen(ONE, checkpoint(ONE, 1, 5, 2000));
    story.landed(ONE, checkpoint(ONE, 1, 5, 2000)).quiesced(ONE, 1, 2);
    assertThat(against(story)).contains("has not said that it is quiet");
    assertThat(ground(story.quiesced(ONE, 1, 5))).isEqualTo(Ground.RECEIPTS);
  }

  @Test
  void a_new_boot_undoes_quiet() {
    Story story = finished().joined(ONE, 2);
    assertThat(against(story)).contains("has not said that it is quiet");
    assertThat(against(story.quiesced(ONE, 1, 1))).contains("has not said that it is quiet");
  }

  @Test
  void a_running_job_speaks_against_it() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).quiesced(ONE, 1, 0);
    assertThat(against(story)).contains("the job is running");
  }

  @Test
  void results_without_a_receipt_speak_against_it() {
    Story story = finished().seen(ONE, results(ONE, 1, 2)).quiesced(ONE, 1, 2);
    assertThat(against(story)).contains("is complete and has no receipt");
    assertThat(ground(story.landed(ONE, results(ONE, 1, 2)))).isEqualTo(Ground.RECEIPTS);
  }

  @Test
  void an_older_checkpoint_is_replaced_by_a_newer_one_with_a_receipt_but_not_the_other_way() {
    Story newer =
        finished().seen(ONE, checkpoint(ONE, 1, 2, 1100)).safe(ONE, checkpoint(ONE, 1, 3, 1200));
    assertThat(ground(newer.quiesced(ONE, 1, 3))).isEqualTo(Ground.RECEIPTS);
    Story back = finished().safe(ONE, checkpoint(ONE, 1, 2, 900));
    back.seen(ONE, checkpoint(ONE, 1, 3, 950)).quiesced(ONE, 1, 3);
    assertThat(against(back)).contains("step 950");
  }

  @Test
  void a_model_saved_beside_another_is_not_replaced_by_it() {
    Story story = finished().seen(ONE, checkpoint(ONE, 1, 2, 1100, "G_1100.pth"));
    story.safe(ONE, checkpoint(ONE, 1, 3, 1100, "D_1100.pth")).quiesced(ONE, 1, 3);
    assertThat(against(story)).contains("step 1100 is complete and has no receipt");
    story.safe(ONE, checkpoint(ONE, 1, 4, 1200, "G_1200.pth")).quiesced(ONE, 1, 4);
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
  }

  @Test
  void nobody_said_yes_means_no_destroy() {
    Story story = finish(Story.of(RunSpec.After.DESTROY, false));
    assertThat(against(story)).isEqualTo("nobody has said yes to destroying it");
    story.fact(new Fact.Approved(story.now(), "user"));
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
  }

  @Test
  void a_yes_that_lapsed_is_none() {
    Story story = finish(Story.of(RunSpec.After.DESTROY, false));
    story.fact(new Fact.Approved(story.now(), "user", story.now().plusSeconds(3600)));
    assertThat(ground(story.after(Duration.ofMinutes(59)))).isEqualTo(Ground.RECEIPTS);
    assertThat(against(story.after(Duration.ofMinutes(1))))
        .isEqualTo("nobody has said yes to destroying it");
  }

  @Test
  void a_typed_abandonment_is_enough() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).seen(ONE, checkpoint(ONE, 1, 1, 10));
    story.fact(new Fact.Abandoned(story.now(), ONE, "lose step 10"));
    assertThat(ground(story)).isEqualTo(Ground.ABANDONED);
  }

  @Test
  void what_never_ran_has_nothing_to_lose_but_what_was_never_seen_may() {
    Story unseen = Story.begin().asked(ONE).settle(new Outcome.Created(Story.instance(ONE)));
    assertThat(against(unseen)).isNotEmpty();
    unseen.saw(ONE, Sight.Status.LOADING, Sight.Wanted.RUNNING);
    assertThat(ground(unseen)).isEqualTo(Ground.NOTHING_TO_LOSE);
  }

  @Test
  void a_box_that_speaks_and_was_never_ordered_to_start_has_nothing_to_lose() {
    assertThat(ground(Story.begin().rented(ONE).joined(ONE, 1))).isEqualTo(Ground.NOTHING_TO_LOSE);
  }

  @Test
  void a_box_that_never_spoke_heard_no_order_unless_its_image_needs_none() {
    assertThat(ground(Story.begin().rented(ONE))).isEqualTo(Ground.NOTHING_TO_LOSE);
    RunSpec.Box usual = RunSpec.Box.USUAL;
    RunSpec.Box args =
        new RunSpec.Box("args", "", Map.of(), List.of(), List.of(), "", false, usual.volume());
    RunSpec spec = Story.spec(new RunSpec.Finish(RunSpec.After.DESTROY, true)).with(args);
    assertThat(against(Story.of(spec).rented(ONE))).isNotEmpty();
  }

  @Test
  void an_order_whose_answer_was_lost_may_have_started_the_job() {
    Story story =
        Story.begin()
            .rented(ONE)
            .joined(ONE, 1)
            .intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()))
            .settle(new Outcome.Failed("the stream broke", true));
    assertThat(against(story)).contains("has not said that it is quiet");
    assertThat(against(story.outbid(ONE))).contains("its disk was not brought home");
  }

  @Test
  void quiesced_with_no_job_ever_started_has_nothing_to_lose() {
    Story story =
        Story.begin()
            .rented(ONE)
            .joined(ONE, 1)
            .intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()))
            .settle(new Outcome.Failed("the stream broke", true));
    story.fact(new Fact.Quiesced(story.now(), ONE, 1, 0, false));
    assertThat(ground(story)).isEqualTo(Ground.NOTHING_TO_LOSE);
  }

  @Test
  void a_rescue_stands_in_for_quiet_only_when_the_box_was_stopped_for_good_before() {
    Story story = lost().fenced(ONE).after(Duration.ofSeconds(1)).rescued(ONE, true);
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
    Story late = lost().outbid(ONE).rescued(ONE, true).fenced(ONE);
    assertThat(against(late)).contains("it may have run since its disk was brought home");
  }

  @Test
  void a_partial_rescue_is_not_enough() {
    assertThat(against(lost().fenced(ONE).rescued(ONE, false))).contains("only in part");
  }

  @Test
  void a_box_that_ran_after_its_rescue_needs_another() {
    Story story = lost().fenced(ONE).rescued(ONE, true);
    story.saw(ONE, Sight.Status.RUNNING, Sight.Wanted.RUNNING).fenced(ONE);
    assertThat(against(story)).contains("its disk was not brought home");
  }

  /// It ran between two looks, or on a host that was away: nobody ever saw it running.
  @Test
  void a_box_that_may_have_run_unseen_after_its_rescue_needs_another() {
    Story away = lost().fenced(ONE).after(Duration.ofSeconds(1)).rescued(ONE, true);
    away.saw(ONE, Sight.Status.OFFLINE, Sight.Wanted.RUNNING).fenced(ONE);
    assertThat(against(away)).contains("it may have run since its disk was brought home");

    Story raised = lost().fenced(ONE).after(Duration.ofSeconds(1)).rescued(ONE, true);
    raised
        .intend(new Effect.Raise(ONE, Story.instance(ONE), UsdPerHour.of(0.5)))
        .settle(new Outcome.Done());
    assertThat(against(raised)).contains("it may have run since its disk was brought home");
  }

  @Test
  void on_unknown_nothing_is_permitted() {
    Story story = finished().verdict(ONE, new Verdict.Unknown("no answer"));
    assertThat(against(story)).contains("the verdict is unknown: no answer");
  }

  @Test
  void a_permit_is_void_after_a_later_fact_and_after_its_time() {
    Story story = granted();
    Permit permit = story.state().permits().firstEntry().getValue();
    assertThat(Permits.recheck(permit, story.state(), story.now()))
        .isInstanceOf(Ruling.Granted.class);
    assertThat(Permits.recheck(permit, story.state(), story.now().plus(Permits.LIFE)))
        .isInstanceOf(Ruling.Refused.class);
    story.safe(ONE, checkpoint(ONE, 1, 2, 1100)).quiesced(ONE, 1, 2);
    assertThat(ground(story)).isEqualTo(Ground.RECEIPTS);
    assertThat(Permits.recheck(permit, story.state(), story.now()))
        .isInstanceOf(Ruling.Refused.class);
  }

  @Test
  void a_permit_is_used_once() {
    Story story = granted().settle(new Outcome.Failed("no answer", true));
    assertThat(story.state().permits()).isEmpty();
  }

  @Test
  void replay_makes_the_permit_again_and_only_from_what_justifies_it() {
    Story story = granted();
    RunState again = Fold.begin((Fact.RunRequested) story.facts().getFirst());
    for (Fact fact : story.facts().subList(1, story.facts().size())) {
      again = Fold.fold(again, fact);
    }
    assertThat(again).isEqualTo(story.state());
    assertThat(again.permits()).hasSize(1);
  }

  @Test
  void a_forged_intent_makes_no_permit() {
    Permit.Terms real = terms(finished());
    Story running = Story.begin().rented(ONE).trains(ONE, 1).intend(new Effect.Destroy(real));
    assertThat(running.state().permits()).isEmpty();
    Story endless = finished();
    endless.intend(
        new Effect.Destroy(
            new Permit.Terms(
                ONE,
                real.instance(),
                real.boot(),
                real.position(),
                real.ground(),
                real.why(),
                endless.now().plus(Duration.ofDays(365)))));
    assertThat(endless.state().permits()).isEmpty();
    Story otherGround = finished();
    otherGround.intend(
        new Effect.Destroy(
            new Permit.Terms(
                ONE,
                real.instance(),
                real.boot(),
                real.position(),
                Ground.ABANDONED,
                real.why(),
                real.expires())));
    assertThat(otherGround.state().permits()).isEmpty();
  }

  private static Story granted() {
    Story story = finished();
    return story.intend(new Effect.Destroy(terms(story)));
  }

  private static Permit.Terms terms(Story story) {
    return ((Ruling.Granted) Permits.rule(story.state(), ONE, story.now())).terms();
  }

  private static Story lost() {
    return Story.begin().rented(ONE).trains(ONE, 1).safe(ONE, checkpoint(ONE, 1, 1, 1000));
  }

  private static Story finished() {
    return finish(Story.begin());
  }

  private static Story finish(Story story) {
    return story
        .rented(ONE)
        .trains(ONE, 1)
        .safe(ONE, checkpoint(ONE, 1, 1, 1000))
        .ended(ONE, 1, 0, "done")
        .quiesced(ONE, 1, 1);
  }

  private static Ground ground(Story story) {
    return terms(story).ground();
  }

  private static String against(Story story) {
    return switch (Permits.rule(story.state(), ONE, story.now())) {
      case Ruling.Granted granted -> "";
      case Ruling.Refused refused -> String.join("; ", refused.reasons());
    };
  }

  @Test
  void cargo_that_could_not_be_taken_in_speaks_against_it_for_good() {
    Story story =
        Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 0, "done").quiesced(ONE, 1, 0);
    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOf(Permits.Ruling.Granted.class);
    story.fact(new Fact.Announced(story.now(), Permits.DROPPED + ONE, "too large", "look"));
    assertThat(Permits.rule(story.state(), ONE, story.now()))
        .isInstanceOfSatisfying(
            Permits.Ruling.Refused.class,
            refused ->
                assertThat(refused.reasons())
                    .contains("the box told of cargo that could not be taken in"));
  }
}
