package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.desk.StateDir;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.journal.JournalException;
import dev.salvor.controller.journal.SqliteJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordsTest {
  private static final RunId RUN = new RunId("tide");

  /// Enough that a reader is at it in every moment of an opening.
  private static final int STARTS = 20;

  @TempDir Path dir;

  @Test
  void a_verb_reads_the_journal_that_a_controller_has() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(dir)) {
      journal.append(List.of(requested()));
      assertThat(Records.read(new StateDir(dir)).runs()).containsExactly(RUN);
    }
  }

  @Test
  void verbs_that_look_all_the_time_keep_no_controller_from_starting() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Integer> looks = new CompletableFuture<>();
    Thread reader = Thread.ofPlatform().start(() -> looks.complete(lookUntil(over)));
    try {
      for (int i = 0; i < STARTS; i++) {
        start();
      }
    } finally {
      over.set(true);
      reader.join();
    }
    assertThat(looks.get(1, TimeUnit.SECONDS)).isPositive();
  }

  private void start() throws JournalException {
    try (SqliteJournal journal = SqliteJournal.open(dir)) {
      journal.append(List.of(requested()));
    }
  }

  private int lookUntil(AtomicBoolean over) {
    int looks = 0;
    while (!over.get()) {
      try {
        Records.read(new StateDir(dir));
        looks++;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    return looks;
  }

  private static Journal.Entry requested() {
    RunSpec spec =
        new RunSpec(
            RUN,
            new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of()),
            new RunSpec.Market("image", "", 10, false, UsdPerHour.of(1)),
            new RunSpec.Finish(RunSpec.After.DESTROY, true),
            Usd.of(10));
    return new Journal.Entry(RUN, new Fact.RunRequested(Instant.EPOCH, spec));
  }
}
