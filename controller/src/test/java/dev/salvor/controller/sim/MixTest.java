package dev.salvor.controller.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MixTest {

  @Test
  void the_usual_mix_has_every_fault_there_is() {
    Set<FaultKind> there =
        Mix.usual().items().stream().map(Mix.Item::kind).collect(Collectors.toSet());
    assertThat(there).isEqualTo(EnumSet.allOf(FaultKind.class));
  }

  @Test
  void a_line_says_which_how_likely_how_often_and_how_long() {
    Mix.Item item = Mix.parse("  outbid 0.5 2-3 4s-5m  # rivals").items().getFirst();
    assertThat(item)
        .isEqualTo(
            new Mix.Item(FaultKind.OUTBID, 0.5, new Mix.Span(2, 3), new Mix.Span(4_000, 300_000)));
  }

  @Test
  void what_is_drawn_is_what_the_mix_has() {
    Mix mix = Mix.parse("clone 1 2 7s\nlies 0");
    List<Plan.Fault> faults = mix.draw(new SplittableRandom(1), 60_000);
    assertThat(faults).hasSize(2);
    assertThat(faults)
        .allMatch(f -> f.kind() == FaultKind.CLONE && f.forMs() == 7_000 && f.atMs() < 60_000);
  }

  @Test
  void every_bad_line_is_named() {
    assertThatThrownBy(() -> Mix.parse("outbid 0.5\nrain 0.1\noutbid 7\n\noutbid 0.5 9-2"))
        .hasMessageContaining("line 2: no fault 'rain'")
        .hasMessageContaining("line 3: a share is from 0 to 1")
        .hasMessageContaining("line 5");
  }

  @Test
  void a_failing_story_is_told_with_as_few_faults_as_it_needs() {
    Cast cast = Cast.USUAL.with(GuardsTest.Unlanded::new);
    Sim.Result failed =
        Arrays.stream(new long[] {1, 2, 3, 4, 5, 6, 7, 8})
            .mapToObj(seed -> new Sim(seed, cast, Sim.plan(seed, Mix.usual())).play())
            .filter(r -> r.violation().startsWith("2: ") && r.plan().faults().size() > 3)
            .findFirst()
            .orElseThrow();
    Sim.Result shortest = new Shrink(cast).shortest(failed);
    assertThat(shortest.violation()).startsWith("2: ");
    assertThat(shortest.plan().faults()).isEmpty();
  }
}
