package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.rule.Decide;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumeSweepTest {
  private static final Instant NOW = Story.BEGIN.plusSeconds(600);
  private static final RunId ENTRY = new RunId("volume-881");

  private final Map<RunId, RunState> runs = new LinkedHashMap<>();
  private final Watch watch = new Watch("f", Duration.ofSeconds(2), Story.BEGIN);

  @Test
  void one_that_no_run_uses_is_told_once_with_its_price_a_day_and_left_alone() {
    looked(shelf(volume(881, 0.5)));
    Decision told = decided().orElseThrow();
    Fact.Announced said = (Fact.Announced) told.facts().getFirst();
    assertThat(said.what())
        .contains("V.881 (data, 100 GB on machine 12, in no instance)", "$0.5000/h ($12.00");
    assertThat(told.effects()).isEmpty();
    fold(ENTRY, said);
    looked(shelf(volume(881, 0.5)));
    assertThat(decided()).isEmpty();
    assertThat(runs).containsOnlyKeys(ENTRY);
  }

  @Test
  void when_its_owner_has_acknowledged_it_the_entry_ends_and_comes_not_again() {
    told();
    fold(ENTRY, new Fact.NoticeAcknowledged(NOW, 1));
    assertThat(decided().orElseThrow().facts()).anyMatch(Fact.RunEnded.class::isInstance);
    decided().orElseThrow().facts().forEach(f -> fold(ENTRY, f));
    looked(shelf(volume(881, 0.5)));
    assertThat(runs).containsOnlyKeys(ENTRY);
    assertThat(decided()).isEmpty();
  }

  @Test
  void it_is_gone_when_two_lists_lack_it() {
    told();
    looked(shelf());
    assertThat(entry().over()).isFalse();
    looked(Bill.Shelf.UNKNOWN);
    looked(shelf(volume(881, 0.5)));
    looked(shelf());
    assertThat(entry().over()).isFalse();
    looked(shelf());
    assertThat(entry().over()).isTrue();
  }

  @Test
  void that_of_a_run_which_goes_on_is_known_and_so_is_one_that_its_run_told_of() {
    RunState using = using(Story.begin().rented(ONE)).state();
    runs.put(Story.RUN, using);
    looked(shelf(volume(881, 0.5)));
    assertThat(runs).containsOnlyKeys(Story.RUN);
    fold(Story.RUN, new Fact.RunEnded(NOW, Fact.Ending.PARKED, "over"));
    looked(shelf(volume(881, 0.5)));
    assertThat(runs).containsKey(ENTRY);

    runs.clear();
    runs.put(Story.RUN, using);
    fold(Story.RUN, new Fact.Announced(NOW, "volume-881", "it bills", "delete it"));
    fold(Story.RUN, new Fact.RunEnded(NOW, Fact.Ending.DONE, "over"));
    looked(shelf(volume(881, 0.5)));
    assertThat(runs).containsOnlyKeys(Story.RUN);
  }

  @Test
  void one_that_a_run_takes_up_is_no_orphan_any_more() {
    told();
    runs.put(Story.RUN, using(Story.begin()).state());
    looked(shelf(volume(881, 0.5)));
    assertThat(entry().over()).isTrue();
  }

  @Test
  void it_eats_of_the_credit_like_the_rest() {
    runs.put(Story.RUN, using(Story.begin()).state());
    looked(shelf(volume(881, 50)));
    assertThat(state(Story.RUN).learned().standing().hours()).isEqualTo(6);
    assertThat(state(Story.RUN).learned().standing().burn()).isEqualTo(UsdPerHour.of(50));
  }

  @Test
  void a_price_that_nobody_says_is_not_made_up_and_a_run_of_that_name_hides_nothing() {
    runs.put(ENTRY, Story.begin().state());
    looked(shelf(volume(881, 0)));
    RunId other = new RunId("volume-881-of-the-account");
    Decision told = Decide.next(state(other), Policy.DEFAULT, NOW).orElseThrow();
    assertThat(((Fact.Announced) told.facts().getFirst()).what()).contains("does not say");
  }

  private void told() {
    looked(shelf(volume(881, 0.5)));
    decided().orElseThrow().facts().forEach(f -> fold(ENTRY, f));
  }

  private static Story using(Story story) {
    RunSpec.Box usual = RunSpec.Box.USUAL;
    RunSpec.Volume volume = new RunSpec.Volume(881, "/data");
    RunSpec.Box box = new RunSpec.Box("", "", usual.env(), List.of(), List.of(), "", false, volume);
    Story with = Story.of(story.state().spec().with(box));
    story.facts().stream().skip(1).forEach(with::fact);
    return with;
  }

  private void looked(Bill.Shelf shelf) {
    Bill bill = new Bill(NOW, Story.BEGIN, Usd.of(100), Map.of(), shelf);
    watch.billed(bill, runs).forEach(n -> fold(n.run(), n.fact()));
  }

  private static Bill.Shelf shelf(Bill.Volume... volumes) {
    return new Bill.Shelf(true, List.of(volumes));
  }

  private static Bill.Volume volume(long id, double price) {
    return new Bill.Volume(id, "data", new MachineId(12), 100, 0, UsdPerHour.of(price));
  }

  private void fold(RunId run, Fact fact) {
    RunState s = runs.get(run);
    runs.put(run, s == null ? Fold.first(fact).orElseThrow() : Fold.fold(s, fact));
  }

  private RunState entry() {
    return state(ENTRY);
  }

  private RunState state(RunId run) {
    return Optional.ofNullable(runs.get(run)).orElseThrow();
  }

  private Optional<Decision> decided() {
    return Decide.next(entry(), Policy.DEFAULT, NOW);
  }
}
