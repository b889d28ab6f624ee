package dev.salvor.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.journal.JournalException.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The fake keeps the contract, and breaks as told.
final class MemoryJournalTest extends JournalContract {

  @Override
  protected Journal open() {
    return new MemoryJournal();
  }

  @Override
  protected Journal reopen(Journal journal) {
    return ((MemoryJournal) journal).reopen();
  }

  @Override
  protected void breakNextAppend(Journal journal) {
    ((MemoryJournal) journal).failNext(Kind.DISK_FULL, MemoryJournal.Moment.BEFORE_WRITING);
  }

  @Override
  protected void mend(Journal journal) {
    // It failed once: nothing is left to mend.
  }

  @Test
  void an_append_whose_answer_is_lost_is_there_afterwards() throws JournalException {
    var journal = new MemoryJournal();
    journal.failNext(Kind.IN_USE, MemoryJournal.Moment.BEFORE_ANSWERING);
    var fact = new Fact.Approved(Instant.EPOCH, "me");
    assertThatThrownBy(() -> journal.append(List.of(new Journal.Entry(new RunId("a"), fact))))
        .isInstanceOf(JournalException.class);
    assertThat(journal.reopen().entries()).hasSize(1);
    assertThatThrownBy(() -> journal.replay(entry -> {})).isInstanceOf(JournalException.class);
  }
}
