package dev.salvor.controller.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Story;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.core.rule.Decide;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final RunId RUN = Story.RUN;
  private final FakeJournal journal = new FakeJournal();
  private final List<Effect> handed = new ArrayList<>();
  private Instant now = Story.BEGIN;
  private Loop loop = loop();

  @Test
  void the_journal_is_written_before_anything_is_done() throws JournalException {
    loop.turn(List.of(asked()));
    assertThat(handed).containsExactly(new Effect.Search());
    assertThat(journal.facts()).anyMatch(f -> f instanceof Fact.Intended i && i.id() == 1);
    assertThat(journal.appends).isEqualTo(1);
  }

  @Test
  void what_could_not_be_journaled_is_neither_done_nor_acknowledged() {
    journal.full = true;
    List<String> acknowledged = new ArrayList<>();
    Event event = new Event.Happened(RUN, requested(), () -> acknowledged.add("yes"));
    assertThatThrownBy(() -> loop.turn(List.of(event))).isInstanceOf(JournalException.class);
    assertThat(handed).isEmpty();
    assertThat(acknowledged).isEmpty();
  }

  @Test
  void who_told_is_told_when_it_is_journaled_and_who_asks_sees_everything_before()
      throws Exception {
    List<String> order = new ArrayList<>();
    loop.turn(
        List.of(
            new Event.Asked(runs -> order.add("asked: " + runs.states().size())),
            new Event.Happened(RUN, requested(), () -> order.add("journaled " + journal.appends))));
    assertThat(order).containsExactly("asked: 1", "journaled 1");
  }

  @Test
  void an_absence_that_may_matter_is_written_down_and_a_short_one_is_not() throws JournalException {
    loop.turn(List.of(asked()));
    now = now.plus(Duration.ofMinutes(4));
    restart();
    assertThat(journal.facts()).noneMatch(Fact.ControllerBack.class::isInstance);

    Instant left = now;
    now = now.plus(Duration.ofHours(8));
    restart();
    assertThat(journal.facts())
        .filteredOn(Fact.ControllerBack.class::isInstance)
        .singleElement()
        .satisfies(f -> {
          assertThat(f.at()).isEqualTo(left.plus(Duration.ofHours(8)));
          assertThat(((Fact.ControllerBack) f).since()).isBefore(left);
        });
  }

  @Test
  void a_machine_that_slept_writes_down_for_how_long() throws JournalException {
    loop.turn(List.of(asked()));
    now = now.plusSeconds(1);
    loop.turn(List.of(new Event.Tick()));
    Instant slept = now;
    now = now.plus(Duration.ofHours(8));
    loop.turn(List.of(new Event.Tick()));
    assertThat(journal.facts())
        .filteredOn(Fact.ControllerBack.class::isInstance)
        .singleElement()
        .isEqualTo(new Fact.ControllerBack(now, slept));
  }

  @Test
  void an_effect_that_was_journaled_and_never_done_is_handed_out_again() throws JournalException {
    loop.turn(List.of(asked()));
    restart();
    assertThat(handed).containsExactly(new Effect.Search());
  }

  @Test
  void an_effect_whose_time_is_over_is_not_handed_out_days_later() throws JournalException {
    loop.turn(List.of(asked()));
    now = now.plus(Duration.ofDays(2));
    restart();
    assertThat(handed).isEmpty();
    loop.turn(List.of(new Event.Tick()));
    assertThat(journal.facts())
        .anyMatch(f -> f instanceof Fact.Settled s && s.outcome() instanceof Outcome.Failed);
  }

  @Test
  void a_creation_under_way_is_unclear_after_a_restart_and_is_not_repeated()
      throws JournalException {
    loop.turn(List.of(asked()));
    loop.turn(List.of(settled(1, new Outcome.Offers(List.of(Story.offer(5, 0.4))))));
    assertThat(handed).last().isInstanceOf(Effect.Create.class);
    restart();
    assertThat(handed).isEmpty();
    assertThat(rental().hold()).isInstanceOf(Rental.Hold.Unclear.class);
    loop.turn(List.of(new Event.Tick()));
    assertThat(handed).isEmpty();
  }

  @Test
  void replay_gives_an_equal_state() throws JournalException {
    loop.turn(List.of(asked()));
    loop.turn(List.of(settled(1, new Outcome.Offers(List.of(Story.offer(5, 0.4))))));
    loop.turn(List.of(settled(2, new Outcome.Created(Story.instance(Story.ONE)))));
    RunState before = state();
    restart();
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void facts_of_a_run_that_nobody_asked_for_are_dropped() throws JournalException {
    loop.turn(List.of(settled(1, new Outcome.Done())));
    assertThat(journal.facts()).isEmpty();
    assertThat(loop.states()).isEmpty();
  }

  @Test
  void an_effect_without_an_outcome_fails_at_its_deadline() throws JournalException {
    loop.turn(List.of(asked()));
    now = now.plus(Duration.ofMinutes(2));
    loop.turn(List.of(new Event.Tick()));
    assertThat(journal.facts())
        .anyMatch(f -> f instanceof Fact.Settled s && s.outcome() instanceof Outcome.Failed);
  }

  private void restart() throws JournalException {
    handed.clear();
    loop = loop();
    loop.recover();
  }

  private Loop loop() {
    Effects effects = (_, _, effect, _) -> handed.add(effect);
    Watch watch = new Watch("f", Duration.ofSeconds(2), now);
    return new Loop(() -> now, journal, effects, Decide.by(Policy.DEFAULT), watch);
  }

  private Event asked() {
    return new Event.Happened(RUN, requested());
  }

  private Fact requested() {
    return Story.begin().facts().getFirst();
  }

  private Event settled(long id, Outcome outcome) {
    return new Event.Happened(RUN, new Fact.Settled(now, id, outcome));
  }

  private RunState state() {
    return Optional.ofNullable(loop.states().get(RUN)).orElseThrow();
  }

  private Rental rental() {
    return state().current().orElseThrow();
  }

  /// A journal in memory that can be full.
  private static final class FakeJournal implements Journal {
    private final List<Numbered> entries = new ArrayList<>();
    private boolean full;
    private int appends;

    List<Fact> facts() {
      return entries.stream().map(Numbered::fact).toList();
    }

    @Override
    public long append(List<Entry> batch) throws JournalException {
      if (full) {
        throw new JournalException(
            JournalException.Kind.DISK_FULL, "no space left", new IllegalStateException());
      }
      appends++;
      for (Entry entry : batch) {
        entries.add(new Numbered(entries.size() + 1L, entry.run(), entry.fact()));
      }
      return entries.size();
    }

    @Override
    public void replay(Consumer<Numbered> each) {
      List.copyOf(entries).forEach(each);
    }

    @Override
    public void close() {}
  }
}
