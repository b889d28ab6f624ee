package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.DangerClocks;
import dev.salvor.controller.view.RunViews;
import dev.salvor.controller.view.Story;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What a person reads beside the job's own output.
class StagesTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void the_danger_clocks_of_the_chosen_offer_are_said_once_and_before_the_box_is_there() {
    String clocks = DangerClocks.SAID + "stopped, its disk costs $0.2400 a day";
    Stages stages = new Stages(new PrintStream(err, true, StandardCharsets.UTF_8));
    Story story = Story.asked("demo").decided("ask the market for offers", "it is needed");
    show(stages, story);
    story.decided("rent 1 x RTX 4090", "the cheapest offer that fits; " + clocks);
    story.rents(Story.FIRST, 7001);
    show(stages, story);
    show(stages, story);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsSubsequence(
            "salvor: [1/8] search offers",
            "salvor: [1/8] rent 1 x RTX 4090: the cheapest offer that fits",
            "salvor: [1/8] " + clocks)
        .filteredOn(line -> line.contains("danger clocks"))
        .hasSize(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .containsSubsequence("danger clocks", "[4/8]")
        .doesNotContain("ask the market");
  }

  private static void show(Stages stages, Story story) {
    stages.view(RunViews.of(story.snapshot(), story.now()), "");
  }
}
