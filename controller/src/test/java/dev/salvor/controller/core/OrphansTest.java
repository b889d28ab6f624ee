package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.rule.Decide;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rentals under our name that no run remembers.
class OrphansTest {
  private static final Instant NOW = Story.BEGIN.plusSeconds(60);
  private final Watch watch = new Watch("f", Duration.ofSeconds(2), Story.BEGIN.minusSeconds(600));
  private final Map<RunId, RunState> runs = new LinkedHashMap<>();

  @Test
  void one_that_no_run_knows_is_told_of_with_its_burn_within_one_list_and_left_alone() {
    runs.put(RUN, Story.begin().rented(ONE).state());
    looked(line(99, "salvor:f:forgotten:1:1"));
    RunState orphan = state("orphan-99");
    List<Decision> decisions = decided(new RunId("orphan-99"));
    assertThat(decisions).hasSize(1);
    Fact.Announced said = (Fact.Announced) decisions.getFirst().facts().getFirst();
    assertThat(said.what())
        .contains("Instance 99", "salvor:f:forgotten:1:1", "Running", "$0.3000/h");
    assertThat(orphan.open()).isEmpty();
    assertThat(decisions.getFirst().effects()).isEmpty();
  }

  @Test
  void another_number_under_a_known_label_is_an_orphan_and_no_sight_of_ours() {
    runs.put(RUN, Story.begin().rented(ONE).state());
    looked(line(99, new Label("f", RUN, ONE).toString()));
    assertThat(runs).containsKey(new RunId("orphan-99"));
  }

  @Test
  void a_creation_whose_answer_is_open_or_was_lost_is_no_orphan() {
    runs.put(RUN, Story.begin().asked(ONE).state());
    looked(line(99, new Label("f", RUN, ONE).toString()));
    assertThat(runs).containsOnlyKeys(RUN);
    assertThat(state(RUN.value()).rentals().values()).singleElement().matches(Rental::held);
  }

  @Test
  void those_of_other_fleets_and_of_nobody_are_none_of_ours() {
    looked(line(99, "salvor:other:forgotten:1:1"), line(98, "my own"));
    assertThat(runs).isEmpty();
  }

  @Test
  void it_is_told_once_and_its_entry_ends_when_it_is_gone() {
    looked(line(99, "salvor:f:forgotten:1:1"));
    RunId orphan = new RunId("orphan-99");
    decided(orphan).forEach(d -> d.facts().forEach(f -> fold(orphan, f)));
    looked(line(99, "salvor:f:forgotten:1:1"));
    assertThat(runs).containsOnlyKeys(orphan);
    assertThat(decided(orphan)).isEmpty();
    Sight gone = Story.sight(Sight.Status.GONE, Sight.Wanted.STOPPED);
    fold(orphan, new Fact.ProviderSaw(NOW, ONE, gone));
    assertThat(decided(orphan))
        .singleElement()
        .matches(d -> d.facts().getFirst() instanceof Fact.RunEnded);
  }

  @Test
  void its_owner_may_give_it_up() {
    looked(line(99, "salvor:f:forgotten:1:1"));
    RunId orphan = new RunId("orphan-99");
    decided(orphan).forEach(d -> d.facts().forEach(f -> fold(orphan, f)));
    fold(orphan, new Fact.Abandoned(NOW, ONE, "all of it"));
    assertThat(decided(orphan))
        .anyMatch(d ->
            d.effects().stream().anyMatch(planned -> planned.effect() instanceof Effect.Destroy));
  }

  private void looked(Poll.Line... lines) {
    Poll poll = new Poll.Listed(NOW, List.of(lines));
    watch.looked(poll, runs, NOW).forEach(n -> fold(n.run(), n.fact()));
    // What the list says of it comes with the next.
    watch.looked(poll, runs, NOW).forEach(n -> fold(n.run(), n.fact()));
  }

  private void fold(RunId run, Fact fact) {
    RunState s = runs.get(run);
    runs.put(run, s == null ? Fold.first(fact).orElseThrow() : Fold.fold(s, fact));
  }

  private RunState state(String run) {
    return runs.getOrDefault(new RunId(run), Story.begin().state());
  }

  private List<Decision> decided(RunId run) {
    return Decide.next(state(run.value()), Policy.DEFAULT, NOW).stream().toList();
  }

  private static Poll.Line line(long number, String label) {
    return new Poll.Line(
        new InstanceId(number), label, Story.sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING));
  }
}
