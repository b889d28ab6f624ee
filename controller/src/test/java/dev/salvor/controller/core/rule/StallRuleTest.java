package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StallRuleTest {
  private static final Policy P = Policy.DEFAULT;
  private static final Policy RESTARTING =
      P.with(new Policy.Restarts(1, Duration.ofSeconds(10), true));

  private final StallRule rule = new StallRule();

  @Test
  void a_job_that_hangs_is_announced_once_and_left_alone() {
    Story story = stalled();
    Decision decision = rule.decide(story.state(), P, story.now()).orElseThrow();
    Fact.Announced said = (Fact.Announced) decision.facts().getFirst();
    assertThat(said.what()).contains("seems to hang", "its processes wait");
    assertThat(said.next()).contains("salvor logs", "--wind-down");
    assertThat(rule.decide(story.fact(said).state(), P, story.now())).isEmpty();
  }

  @Test
  void one_that_moves_again_is_well_and_a_later_hang_is_news() {
    Story story = stalled();
    story.fact(rule.decide(story.state(), P, story.now()).orElseThrow().facts().getFirst());
    story.fact(new Fact.JobMoving(story.after(Duration.ofMinutes(1)).now(), ONE, 1, 1));
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
    story.fact(new Fact.JobStalled(story.after(Duration.ofMinutes(20)).now(), ONE, 1, 1, "again"));
    assertThat(rule.decide(story.state(), P, story.now())).isPresent();
  }

  @Test
  void where_the_policy_says_so_it_is_ended_and_started_again() {
    Story story = stalled();
    story.fact(
        rule.decide(story.state(), RESTARTING, story.now()).orElseThrow().facts().getFirst());
    Optional<Decision> decision = rule.decide(story.state(), RESTARTING, story.now());
    Effect.Tell tell = (Effect.Tell) decision.orElseThrow().effects().getFirst().effect();
    assertThat(tell.order()).isEqualTo(new AgentOrder.StopHung(P.patience().stop()));

    story.intend(tell).settle(new dev.salvor.controller.core.Outcome.Done());
    story.ended(ONE, 1, 143, "hung").after(Duration.ofMinutes(1));
    assertThat(new ProceedRule().decide(story.state(), RESTARTING, story.now())).isPresent();
    assertThat(new ProceedRule().decide(story.state(), P, story.now())).isEmpty();
  }

  @Test
  void news_of_an_earlier_start_is_none() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1);
    story.fact(new Fact.JobStalled(story.now(), ONE, 1, 7, "of a start that nobody knows"));
    assertThat(rule.decide(story.state(), P, story.now())).isEmpty();
  }

  private static Story stalled() {
    Story story = Story.begin().rented(ONE).trains(ONE, 1).after(Duration.ofMinutes(15));
    return story.fact(
        new Fact.JobStalled(story.now(), ONE, 1, 1, "no new log line; its processes wait"));
  }
}
