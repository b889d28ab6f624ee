package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Arm;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The questions that many rules ask: a wrong answer is wrong everywhere.
class SituationTest {
  private static final Policy P = Policy.DEFAULT;
  private static final Unit UNIT = checkpoint(ONE, 1, 1, 100);

  @Test
  void a_rental_is_busy_while_the_provider_is_asked_for_something_about_it() {
    Story story = Story.begin().rented(ONE).joined(ONE, 1);
    var permit = (Permits.Ruling.Granted) Permits.rule(story.state(), ONE, story.now());
    List<Effect> at =
        List.of(
            new Effect.Create(ONE, Story.offer(11, 0.5), UsdPerHour.of(0.3), true),
            new Effect.Stop(ONE, Story.instance(ONE)),
            new Effect.Raise(ONE, Story.instance(ONE), UsdPerHour.of(0.4)),
            new Effect.Destroy(permit.terms()),
            new Effect.Rescue(ONE, Story.instance(ONE)));
    for (Effect effect : at) {
      assertThat(busy(effect, ONE)).as("%s", effect).isTrue();
      assertThat(busy(effect, TWO)).as("%s", effect).isFalse();
    }
    List<Effect> beside =
        List.of(
            new Effect.Search(),
            new Effect.Tell(ONE, 1, new AgentOrder.Quiesce()),
            new Effect.Prepare(ONE, Story.instance(ONE)),
            new Effect.ReadLog(ONE, Story.instance(ONE)),
            new Effect.Withdraw(new UnitPermit.Terms(UNIT.id(), List.of(UNIT.id()), Story.BEGIN)),
            new Effect.Prune(
                new PrunePermit.Terms(ONE, 1, UNIT.id(), List.of(UNIT.id()), Story.BEGIN)),
            new Effect.CopyOut(ONE, UNIT));
    for (Effect effect : beside) {
      assertThat(busy(effect, ONE)).as("%s", effect).isFalse();
    }
  }

  private static boolean busy(Effect effect, RentalRef ref) {
    return Situation.busy(Story.begin().intend(effect).state(), ref);
  }

  @Test
  void only_a_box_that_is_told_something_is_being_told() {
    Story story = Story.begin().intend(new Effect.Tell(ONE, 1, new AgentOrder.Quiesce()));
    assertThat(Situation.telling(story.state(), ONE)).isTrue();
    assertThat(Situation.telling(story.state(), TWO)).isFalse();
    story.settle(new Outcome.Done());
    assertThat(Situation.telling(story.state(), ONE)).isFalse();
  }

  @Test
  void a_job_is_over_when_it_ended_and_nothing_of_it_began_since() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(Situation.lastEnd(story.state())).isEmpty();
    story.ended(ONE, 1, 1, "user-error");
    assertThat(Situation.jobOver(story.state(), P)).isTrue();
    story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH)).rented(TWO).joined(TWO, 1);
    assertThat(Situation.jobOver(story.state(), P)).as("nothing was told to start").isTrue();
    story.intend(new Effect.Tell(TWO, 1, new AgentOrder.Proceed()));
    assertThat(Situation.jobOver(story.state(), P)).as("it is told to start").isFalse();
  }

  @Test
  void a_job_that_was_killed_is_started_again_twice_and_one_that_failed_never() {
    Story failed = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 1, "user-error");
    assertThat(Situation.jobOver(failed.state(), P)).isTrue();
    Story killed = Story.begin().rented(ONE).trains(ONE, 1);
    for (int start = 1; start <= P.restarts().most(); start++) {
      killed.fact(new Fact.JobEnded(killed.now(), ONE, 1, 137, "killed", List.of(), start));
      assertThat(Situation.jobOver(killed.state(), P)).as("start %d", start).isFalse();
      killed.intend(new Effect.Tell(ONE, 1, new AgentOrder.Proceed()));
      killed.settle(new Outcome.Done());
      killed.fact(new Fact.JobStarted(killed.now(), ONE, 1, start + 1));
    }
    killed.fact(new Fact.JobEnded(killed.now(), ONE, 1, 137, "killed", List.of(), 3));
    assertThat(Situation.jobOver(killed.state(), P)).isTrue();
  }

  @Test
  void a_job_that_hung_is_started_again_where_the_policy_says_so() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).ended(ONE, 1, 137, "hung");
    assertThat(Situation.jobOver(story.state(), P)).isTrue();
    Policy again = P.with(new Policy.Restarts(2, Duration.ofSeconds(15), true));
    assertThat(Situation.jobOver(story.state(), again)).isFalse();
  }

  @Test
  void the_box_of_a_job_that_failed_is_kept_where_its_user_wants_to_look() {
    RunSpec.Finish destroy = new RunSpec.Finish(RunSpec.After.DESTROY, true);
    for (int exit : new int[] {0, 1}) {
      Story usual = Story.of(Story.spec(destroy)).rented(ONE).trains(ONE, 1);
      usual.ended(ONE, 1, exit, exit == 0 ? "done" : "user-error");
      assertThat(Situation.after(usual.state(), P)).isEqualTo(RunSpec.After.DESTROY);
      Story keeping = Story.of(Story.spec(destroy.keepingFailed(true))).rented(ONE).trains(ONE, 1);
      assertThat(Situation.after(keeping.state(), P))
          .as("it runs")
          .isEqualTo(RunSpec.After.DESTROY);
      keeping.ended(ONE, 1, exit, exit == 0 ? "done" : "user-error");
      assertThat(Situation.after(keeping.state(), P))
          .isEqualTo(exit == 0 ? RunSpec.After.DESTROY : RunSpec.After.KEEP);
    }
  }

  @Test
  void a_disk_outlives_a_pause_and_neither_a_host_that_is_away_nor_a_box_that_is_gone() {
    for (Verdict.Cause cause : Verdict.Cause.values()) {
      Story story = Story.begin().rented(ONE).verdict(ONE, new Verdict.Lost(cause, "why"));
      boolean away = cause == Verdict.Cause.HOST_OFFLINE || cause == Verdict.Cause.GONE;
      assertThat(Situation.pausedLoss(story.rental(ONE))).as("%s", cause).isEqualTo(!away);
      assertThat(Situation.lostBy(story.rental(ONE), cause)).isTrue();
    }
    Story alive = Story.begin().rented(ONE).joined(ONE, 1);
    assertThat(Situation.pausedLoss(alive.rental(ONE))).isFalse();
    assertThat(Situation.lostBy(alive.rental(ONE), Verdict.Cause.OUTBID)).isFalse();
  }

  @Test
  void an_older_box_and_one_that_was_given_up_are_left() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    assertThat(Situation.left(story.state(), story.rental(ONE))).isFalse();
    Story given = story.fact(new Fact.ArmChosen(story.now(), ONE, Arm.RELAUNCH));
    assertThat(Situation.left(given.state(), given.rental(ONE))).isTrue();
    Story older = Story.begin().rented(ONE).rented(TWO);
    assertThat(Situation.left(older.state(), older.rental(ONE))).isTrue();
    assertThat(Situation.left(older.state(), older.rental(TWO))).isFalse();
  }
}
