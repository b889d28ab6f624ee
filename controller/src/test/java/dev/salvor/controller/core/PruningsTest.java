package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.again;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What may go from a box whose disk is short: each thing that speaks against it is enough.
class PruningsTest {
  private static final Retention TWO_STAY = new Retention(0, "", 0, 2);
  private static final Retention ONE_STAYS = new Retention(0, "", 0, 1);

  private static Unit at(long step) {
    return checkpoint(ONE, 1, step / 100, step);
  }

  /// Five are home, and the disk is short.
  private static Story crowded(Retention retention) {
    return lacks(home(Story.keeping(retention)), 1);
  }

  private static Story home(Story story) {
    List.of(100, 200, 300, 400, 500).forEach(step -> story.safe(ONE, at(step)));
    return story;
  }

  private static Story lacks(Story story, int boot) {
    return story.fact(new Fact.RoomShort(story.now(), ONE, boot, "/work", "inodes"));
  }

  private static Optional<Unit> surplus(Story story) {
    return Prunings.surplus(story.state(), story.rental(ONE));
  }

  private static Prunings.Ruling rule(Story story, Unit unit) {
    return Prunings.rule(story.state(), ONE, unit.id(), story.now());
  }

  private static void mayGo(Story story, Unit unit) {
    assertThat(rule(story, unit)).isInstanceOf(Prunings.Ruling.Granted.class);
  }

  private static void stays(Story story, Unit unit, String why) {
    assertThat(rule(story, unit))
        .isInstanceOfSatisfying(
            Prunings.Ruling.Refused.class, refused -> assertThat(refused.why()).contains(why));
    assertThat(surplus(story)).isNotEqualTo(Optional.of(unit));
  }

  private static void allStay(Story story, String why) {
    stays(story, at(100), why);
    assertThat(surplus(story)).isEmpty();
  }

  private static PrunePermit.Terms terms(Story story, Unit unit) {
    return ((Prunings.Ruling.Granted) rule(story, unit)).terms();
  }

  @Test
  void the_older_ones_may_go_oldest_first_and_the_terms_name_what_stays() {
    Story story = crowded(TWO_STAY);
    assertThat(surplus(story)).contains(at(100));
    assertThat(terms(story, at(100)))
        .isEqualTo(
            new PrunePermit.Terms(
                ONE,
                1,
                at(100).id(),
                List.of(at(500).id(), at(400).id()),
                story.now().plus(Duration.ofMinutes(10))));
    mayGo(story, at(300));
    stays(story, at(400), "is to stay");
    stays(story, at(500), "is to stay");
  }

  @Test
  void nothing_goes_unless_its_user_says_so_and_the_disk_is_short() {
    allStay(crowded(new Retention(1, "", 0)), "nothing is to be removed");
    allStay(home(Story.keeping(TWO_STAY)), "has not said that its disk is short");
    Story later = crowded(TWO_STAY).joined(ONE, 2);
    allStay(later, "has not said that its disk is short");
    allStay(lacks(later, 1), "has not said that its disk is short");
    mayGo(lacks(later, 2), at(100));
    assertThat(later.rental(ONE).aboard().room()).isEqualTo(new Room(2, "/work", "inodes"));
    Story unborn = Story.of(Story.keepingSpec(TWO_STAY)).rented(ONE);
    assertThat(unborn.rental(ONE).aboard().isShort()).as("no boot said so").isFalse();
  }

  @Test
  void nothing_goes_from_a_box_that_is_not_known_to_live() {
    for (Verdict verdict :
        List.of(
            new Verdict.Unknown("our own network is down"),
            new Verdict.Suspect("silent"),
            new Verdict.Coming(),
            new Verdict.Lost(Verdict.Cause.OUTBID, "outbid"))) {
      allStay(crowded(TWO_STAY).verdict(ONE, verdict), "the verdict on rental 1.1 is " + verdict);
    }
    Story gone = crowded(TWO_STAY).saw(ONE, Sight.Status.GONE, Sight.Wanted.RUNNING);
    allStay(gone, "the verdict on rental 1.1");
  }

  @Test
  void nothing_goes_from_a_box_that_the_run_has_left() {
    Story given = crowded(TWO_STAY);
    allStay(given.fact(new Fact.ArmChosen(given.now(), ONE, Arm.RELAUNCH)), "has gone on from");
    allStay(crowded(TWO_STAY).asked(TWO), "has gone on from");
  }

  @Test
  void nothing_goes_while_the_disk_is_brought_something_or_two_speak_as_one() {
    Story refused =
        lacks(home(Story.of(Story.keepingSpec(TWO_STAY)).rented(ONE).joined(ONE, 1)), 1);
    mayGo(refused, at(100));
    refused.fact(new Fact.GateRefused(refused.now(), ONE, 1, "disk", "why", "", false));
    allStay(refused, "is being brought what it goes on from");
    Story cloned = crowded(TWO_STAY);
    cloned.fact(new Fact.Announced(cloned.now(), Permits.CLONED + ONE, "Two", "Look."));
    allStay(cloned, "two boxes spoke as rental 1.1");
  }

  @Test
  void what_is_not_proven_by_the_boxs_own_digests_stays() {
    Story story = crowded(TWO_STAY);
    Unit unproven = checkpoint(ONE, 1, 9, 50);
    stays(story.seen(ONE, unproven), unproven, "has no receipt");
    story.fact(new Fact.CargoGivenUp(story.now(), ONE, List.of(unproven.id()), "it"));
    stays(story, unproven, "has no receipt");
    Unit rescued = checkpoint(ONE, 1, 10, 60);
    story.seen(ONE, rescued).intend(new Effect.CopyOut(ONE, rescued));
    story.settle(new Outcome.Landed(new Receipt(rescued.id(), "there", true)));
    stays(story, rescued, "has no receipt");
    story.intend(
        new Effect.Withdraw(
            new UnitPermit.Terms(at(100).id(), List.of(at(500).id()), story.now())));
    story.settle(new Outcome.Done());
    stays(story, at(100), "has no receipt");
  }

  @Test
  void only_checkpoints_that_their_framework_committed_go_and_only_from_where_they_lie() {
    Story story = crowded(TWO_STAY);
    Unit plain = checkpoint(ONE, 1, 9, 50);
    Unit inferred =
        new Unit(
            plain.id(),
            plain.kind(),
            plain.format(),
            plain.step(),
            Completeness.INFERRED,
            plain.manifest(),
            plain.writtenAt());
    stays(story.safe(ONE, inferred), inferred, "is to stay");
    Unit results = Story.results(ONE, 1, 10);
    stays(story.safe(ONE, results), results, "is to stay");
    Unit tomorrow = checkpoint(ONE, 2, 1, 70);
    stays(story.safe(ONE, tomorrow), tomorrow, "is to stay");
    stays(story, checkpoint(ONE, 1, 11, 80), "was not seen on rental 1.1");
    assertThat(Prunings.rule(story.state(), TWO, at(100).id(), story.now()))
        .isEqualTo(new Prunings.Ruling.Refused(at(100).id() + " was not seen on rental 2.1"));
  }

  @Test
  void of_each_series_the_newest_stay_and_what_its_trainer_calls_good() {
    Story story = lacks(Story.keeping(ONE_STAYS), 1);
    story.safe(ONE, checkpoint(ONE, 1, 1, 100, "G")).safe(ONE, checkpoint(ONE, 1, 2, 100, "D"));
    assertThat(surplus(story)).isEmpty();
    story.safe(ONE, checkpoint(ONE, 1, 3, 200, "G"));
    assertThat(surplus(story)).contains(checkpoint(ONE, 1, 1, 100, "G"));
    stays(story, checkpoint(ONE, 1, 2, 100, "D"), "is to stay");
    Story best = crowded(new Retention(0, "step-100", 0, 2));
    stays(best, at(100), "is to stay");
    assertThat(surplus(best)).contains(at(200));
  }

  @Test
  void the_frontier_stays_though_another_of_its_step_is_newer() {
    Story story = lacks(Story.keeping(ONE_STAYS), 1);
    Unit frontier = checkpoint(ONE, 1, 1, 500, "m_500");
    Unit twin = checkpoint(ONE, 1, 2, 500, "m_0500");
    assertThat(frontier.series()).isEqualTo(twin.series());
    story.safe(ONE, frontier).safe(ONE, twin);
    stays(story, frontier, "is to stay");
    stays(story, twin, "is to stay");
  }

  @Test
  void what_a_box_was_brought_to_go_on_from_stays() {
    Story story = Story.keeping(ONE_STAYS).safe(ONE, at(100)).outbid(ONE).fenced(ONE);
    story.rented(TWO).trains(TWO, 1);
    Unit brought = again(at(100), TWO, 1, 1);
    story.safe(TWO, brought).safe(TWO, checkpoint(TWO, 1, 2, 200));
    story.safe(TWO, checkpoint(TWO, 1, 3, 300));
    story.fact(new Fact.RoomShort(story.now(), TWO, 1, "/work", "bytes"));
    assertThat(Prunings.surplus(story.state(), story.rental(TWO)))
        .contains(checkpoint(TWO, 1, 2, 200));
    assertThat(Prunings.rule(story.state(), TWO, brought.id(), story.now()))
        .isEqualTo(
            new Prunings.Ruling.Refused(brought.id() + " is to stay, or was removed before"));
  }

  @Test
  void what_is_seen_again_after_a_restart_counts_once_and_goes_by_its_newest_name() {
    Story story = lacks(crowded(TWO_STAY).joined(ONE, 2), 2);
    story.safe(ONE, again(at(400), ONE, 2, 4)).safe(ONE, again(at(500), ONE, 2, 5));
    stays(story, at(400), "is to stay");
    stays(story, again(at(400), ONE, 2, 4), "is to stay");
    assertThat(terms(story, at(300)).stays())
        .containsExactly(again(at(500), ONE, 2, 5).id(), again(at(400), ONE, 2, 4).id());
    Unit twin = again(at(100), ONE, 2, 1);
    story.seen(ONE, twin);
    stays(story, at(100), twin.id() + " has files of " + at(100).id());
    story.landed(ONE, twin);
    stays(story, at(100), "is to stay");
    mayGo(story, twin);
    story.fact(new Fact.Pruned(story.now(), ONE, twin.id()));
    assertThat(story.state().cargo().pruning().gone())
        .containsExactlyInAnyOrder(twin.id(), at(100).id());
    assertThat(surplus(story)).contains(at(200));
  }

  @Test
  void what_was_written_over_or_is_part_of_something_that_is_not_home_stays() {
    Story over = crowded(TWO_STAY);
    Unit later = checkpoint(ONE, 1, 9, 100);
    over.safe(ONE, later);
    stays(over, at(100), later.id() + " has files of " + at(100).id());
    mayGo(over, at(200));
    over.fact(new Fact.Pruned(over.now(), ONE, later.id()));
    mayGo(over, at(100));
    for (String root : List.of("/work", "/")) {
      String path = root.equals("/") ? "work/step-300/model" : "step-300/model";
      Story story = crowded(TWO_STAY);
      Unit results = holding(root, path);
      story.seen(ONE, results);
      stays(story, at(300), results.id() + " has files of " + at(300).id());
      mayGo(story, at(200));
      story.landed(ONE, results);
      mayGo(story, at(300));
    }
  }

  /// Results that were captured before the third checkpoint.
  private static Unit holding(String root, String path) {
    FileEntry file = new FileEntry(path, 1, Sha256.of(new byte[] {1}));
    Manifest manifest = new Manifest(root, List.of(file));
    UnitId id = new UnitId(1, 1, 2, manifest.digest());
    return new Unit(id, UnitKind.RESULTS, "files", 0, Completeness.INFERRED, manifest, Story.BEGIN);
  }

  @Test
  void what_is_being_taken_from_home_stays_on_the_box() {
    Story story = crowded(TWO_STAY);
    story.intend(
        new Effect.Withdraw(
            new UnitPermit.Terms(at(100).id(), List.of(at(500).id()), story.now())));
    stays(story, at(100), "is being taken from where copies are kept");
    assertThat(surplus(story)).contains(at(200));
  }

  @Test
  void what_went_does_not_go_again_and_does_not_count_among_those_that_stay() {
    Story story = crowded(TWO_STAY);
    story.fact(new Fact.Pruned(story.now(), ONE, at(100).id()));
    stays(story, at(100), "was removed before");
    assertThat(surplus(story)).contains(at(200));
    story.fact(new Fact.Pruned(story.now(), ONE, at(500).id()));
    stays(story, at(300), "is to stay");
    assertThat(terms(story, at(200)).stays()).containsExactly(at(400).id(), at(300).id());
  }

  @Test
  void a_permit_is_made_for_what_may_go_only_and_for_exactly_those_terms() {
    Story good = crowded(TWO_STAY);
    PrunePermit.Terms terms = terms(good, at(100));
    good.intend(new Effect.Prune(terms));
    PrunePermit permit = new PrunePermit(terms);
    assertThat(good.state().cargo().pruning().permits().values()).containsExactly(permit);
    PrunePermit.Terms sooner =
        new PrunePermit.Terms(ONE, 1, terms.unit(), terms.stays(), terms.expires().minusMillis(1));
    for (PrunePermit.Terms forged :
        List.of(
            new PrunePermit.Terms(TWO, 1, terms.unit(), terms.stays(), terms.expires()),
            new PrunePermit.Terms(ONE, 2, terms.unit(), terms.stays(), terms.expires()),
            new PrunePermit.Terms(ONE, 1, at(400).id(), terms.stays(), terms.expires()),
            new PrunePermit.Terms(ONE, 1, terms.unit(), List.of(at(500).id()), terms.expires()),
            new PrunePermit.Terms(
                ONE, 1, terms.unit(), terms.stays(), terms.expires().plusMillis(1)))) {
      Story story = crowded(TWO_STAY).intend(new Effect.Prune(forged));
      assertThat(story.state().cargo().pruning().permits()).as("%s", forged).isEmpty();
    }
    Story early = crowded(TWO_STAY).intend(new Effect.Prune(sooner));
    assertThat(early.state().cargo().pruning().permits()).hasSize(1);
  }

  @Test
  void a_permit_lapses_and_no_later_fact_may_speak_against_it() {
    Story story = crowded(TWO_STAY);
    PrunePermit permit = new PrunePermit(terms(story, at(100)));
    assertThat(recheck(permit, story)).isEqualTo(new Prunings.Ruling.Granted(permit.terms()));
    story.safe(ONE, at(600));
    assertThat(recheck(permit, story)).isEqualTo(new Prunings.Ruling.Granted(permit.terms()));
    Story late = crowded(TWO_STAY).after(Duration.ofMinutes(10).minusNanos(1));
    assertThat(recheck(permit, late)).isEqualTo(new Prunings.Ruling.Granted(permit.terms()));
    assertThat(recheck(permit, late.after(Duration.ofNanos(1))))
        .isEqualTo(
            new Prunings.Ruling.Refused("the permit expired at " + permit.terms().expires()));
    Story anew = lacks(crowded(TWO_STAY).joined(ONE, 2), 2);
    assertThat(recheck(permit, anew))
        .isEqualTo(new Prunings.Ruling.Refused("it was granted for boot 1, and now is boot 2"));
    Story silent = crowded(TWO_STAY).verdict(ONE, new Verdict.Suspect("silent"));
    assertThat(recheck(permit, silent)).isInstanceOf(Prunings.Ruling.Refused.class);
  }

  private static Prunings.Ruling recheck(PrunePermit permit, Story story) {
    return Prunings.recheck(permit, story.state(), story.now());
  }
}
