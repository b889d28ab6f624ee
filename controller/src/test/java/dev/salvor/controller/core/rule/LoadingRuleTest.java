package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A box that does not come up: another is taken, unless none could.
class LoadingRuleTest {
  private static final String STAT =
      "Error response from daemon: exec: \"bash -c 'true && true'\": stat bash -c 'true && true':"
          + " no such file or directory: unknown";

  @Test
  void a_start_that_works_on_no_box_ends_the_run_at_once_and_is_explained() {
    Story story = came("loading", STAT);
    Decision decision = decide(story).orElseThrow();
    assertThat(decision.why())
        .contains("looked for a file of the name", "give the command as args");
    assertThat(decision.evidence().toString()).contains("no such file or directory");
    assertThat(decision.facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class)
        .hasAtLeastOneElementOfType(Fact.Announced.class);
    decision.facts().forEach(story::fact);
    assertThat(decide(story)).isEmpty();
  }

  @Test
  void one_that_only_takes_its_time_has_it() {
    Story story = came("loading", "pulling a/b");
    assertThat(decide(story)).isEmpty();
    story.after(Policy.DEFAULT.patience().loading().plus(Duration.ofMinutes(1)));
    hears(story, "pulling fs layer");
    assertThat(decide(story).orElseThrow().facts()).hasOnlyElementsOfType(Fact.ArmChosen.class);
  }

  @Test
  void
      what_the_hosts_daemon_says_of_a_container_that_never_ran_ends_the_run_long_before_the_time() {
    Story story = came("loading", "created");
    story.after(Policy.DEFAULT.patience().loading().dividedBy(5).plusSeconds(1));
    hears(story, STAT);
    Decision end = decide(story).orElseThrow();
    assertThat(end.facts()).hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
    assertThat(end.evidence()).anyMatch(line -> line.startsWith("its log: Error response"));
  }

  @Test
  void one_that_still_loads_is_asked_about_once_and_again_when_its_time_is_over() {
    Story story = came("loading", "pulling a/b");
    story.after(Policy.DEFAULT.patience().loading().dividedBy(5).plusSeconds(1));
    hears(story, "pulling fs layer");
    assertThat(decide(story)).isEmpty();
    story.after(Policy.DEFAULT.patience().loading());
    hears(story, STAT);
    assertThat(decide(story).orElseThrow().facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
  }

  @Test
  void one_that_runs_is_not_asked_about_before_its_time_is_over() {
    Story story = came("running", "running a/b");
    story.after(Policy.DEFAULT.patience().loading().minusSeconds(1));
    assertThat(decide(story)).isEmpty();
  }

  private static void hears(Story story, String... log) {
    Effect read = decide(story).orElseThrow().effects().getFirst().effect();
    assertThat(read).isEqualTo(new Effect.ReadLog(ONE, Story.instance(ONE)));
    story.intend(read).settle(new Outcome.Said(List.of(log)));
  }

  @Test
  void one_that_ran_and_did_not_speak_is_given_up_with_the_end_of_its_log() {
    Story story = came("running", "running a/b");
    story.after(Policy.DEFAULT.patience().loading().plus(Duration.ofMinutes(1)));
    Decision read = decide(story).orElseThrow();
    assertThat(read.effects().getFirst().effect())
        .isEqualTo(new Effect.ReadLog(ONE, Story.instance(ONE)));
    story.intend(read.effects().getFirst().effect());
    assertThat(decide(story)).isEmpty();
    story.settle(new Outcome.Said(List.of("first", "no space left on device")));
    Decision given = decide(story).orElseThrow();
    assertThat(given.facts()).hasOnlyElementsOfType(Fact.ArmChosen.class);
    assertThat(given.evidence()).contains("its log: no space left on device");
    given.facts().forEach(story::fact);
    assertThat(story.state().market().failed().getFirst().why())
        .contains("its log ends: no space left on device");
  }

  @Test
  void a_log_that_cannot_be_read_keeps_nobody_waiting() {
    Story story = came("running", "running a/b");
    story.after(Policy.DEFAULT.patience().loading().plus(Duration.ofMinutes(1)));
    story.intend(decide(story).orElseThrow().effects().getFirst().effect());
    story.settle(new Outcome.Failed("no answer", true));
    assertThat(decide(story).orElseThrow().facts()).hasOnlyElementsOfType(Fact.ArmChosen.class);
  }

  @Test
  void what_its_log_says_of_every_box_ends_the_run() {
    Story story = came("running", "running a/b");
    story.after(Policy.DEFAULT.patience().loading().plus(Duration.ofMinutes(1)));
    story.intend(decide(story).orElseThrow().effects().getFirst().effect());
    story.settle(new Outcome.Said(List.of(STAT)));
    assertThat(decide(story).orElseThrow().facts())
        .hasAtLeastOneElementOfType(Fact.WindDownAsked.class);
  }

  private static Story came(String status, String words) {
    Story story = Story.begin().asked(ONE).settle(new Outcome.Created(Story.instance(ONE)));
    Sight.Status seen = Sight.Status.valueOf(status.toUpperCase(java.util.Locale.ROOT));
    UsdPerHour burn = UsdPerHour.of(0.01);
    return story.fact(
        new Fact.ProviderSaw(
            story.now(),
            ONE,
            new Sight(seen, Sight.Wanted.RUNNING, true, burn, UsdPerHour.of(0.2), words)));
  }

  private static Optional<Decision> decide(Story story) {
    return new LoadingRule().decide(story.state(), Policy.DEFAULT, story.now());
  }
}
