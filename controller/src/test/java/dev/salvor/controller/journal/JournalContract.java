package dev.salvor.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.journal.Journal.Entry;
import dev.salvor.controller.journal.Journal.Numbered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every journal promises.
public abstract class JournalContract {
  private static final RunId RUN = new RunId("kit");

  /// An empty journal.
  protected abstract Journal open() throws JournalException;

  /// The same journal as a new process would find it.
  protected abstract Journal reopen(Journal journal) throws JournalException;

  /// Makes the next append fail with nothing written.
  protected abstract void breakNextAppend(Journal journal) throws Exception;

  /// Ends what breakNextAppend began.
  protected abstract void mend(Journal journal) throws Exception;

  @Test
  final void an_empty_journal_replays_nothing() throws Exception {
    try (Journal journal = open()) {
      assertThat(all(journal)).isEmpty();
    }
  }

  @Test
  final void numbers_rise_by_one_from_one_across_appends() throws Exception {
    try (Journal journal = open()) {
      assertThat(journal.append(List.of(entry("a"), entry("b")))).isEqualTo(2);
      assertThat(journal.append(List.of(entry("c")))).isEqualTo(3);
      assertThat(all(journal)).extracting(Numbered::number).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  final void an_append_of_nothing_moves_nothing() throws Exception {
    try (Journal journal = open()) {
      assertThat(journal.append(List.of())).isZero();
      journal.append(List.of(entry("a")));
      assertThat(journal.append(List.of())).isEqualTo(1);
    }
  }

  @Test
  final void what_was_appended_is_replayed_in_order_with_its_run() throws Exception {
    RunId other = new RunId("other");
    try (Journal journal = open()) {
      journal.append(List.of(entry("a"), new Entry(other, fact("b"))));
      assertThat(all(journal))
          .containsExactly(new Numbered(1, RUN, fact("a")), new Numbered(2, other, fact("b")));
    }
  }

  @Test
  final void what_was_acknowledged_is_there_for_the_next_process() throws Exception {
    Journal journal = open();
    journal.append(List.of(entry("a")));
    journal.append(List.of(entry("b")));
    try (Journal again = reopen(journal)) {
      assertThat(all(again)).extracting(Numbered::fact).containsExactly(fact("a"), fact("b"));
      assertThat(again.append(List.of(entry("c")))).isEqualTo(3);
    }
  }

  @Test
  final void a_failed_append_leaves_nothing_and_the_next_goes_on_from_there() throws Exception {
    try (Journal journal = open()) {
      journal.append(List.of(entry("a")));
      breakNextAppend(journal);
      assertThatThrownBy(() -> journal.append(List.of(entry("lost"), entry("x".repeat(100_000)))))
          .isInstanceOfSatisfying(
              JournalException.class,
              e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.DISK_FULL));
      mend(journal);
      assertThat(all(journal)).extracting(Numbered::fact).containsExactly(fact("a"));
      assertThat(journal.append(List.of(entry("b")))).isEqualTo(2);
    }
  }

  private static Entry entry(String text) {
    return new Entry(RUN, fact(text));
  }

  private static Fact fact(String text) {
    return new Fact.Announced(Instant.parse("2026-11-21T10:00:00.123456789Z"), "key", text, "next");
  }

  private static List<Numbered> all(Journal journal) throws JournalException {
    List<Numbered> all = new ArrayList<>();
    journal.replay(all::add);
    return all;
  }
}
