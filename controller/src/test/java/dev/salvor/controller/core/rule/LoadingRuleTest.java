package dev.salvor.controller.core.rule;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Story;
import java.time.Duration;
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
    assertThat(decide(story).orElseThrow().facts()).hasOnlyElementsOfType(Fact.ArmChosen.class);
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
