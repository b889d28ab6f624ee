package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.core.JobEnd;
import dev.salvor.agent.core.Report;
import dev.salvor.agent.link.FrameCodec;
import dev.salvor.agent.state.HomeDir;
import dev.salvor.agent.state.MemoryFile;
import dev.salvor.agent.state.PatientStore;
import dev.salvor.agent.state.Spool;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The spool within its bounds: what waits, what is dropped, what never is.
final class DiskStoreTest {
  private static final Report ENDED =
      new Report.JobEnded(1, new JobEnd(5, 1, JobEnd.Cause.USER_ERROR, List.of("tail")));

  @TempDir Path dir;
  private Spool spool;
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
    HomeDir home = new HomeDir(dir.resolve("home"));
    spool = Spool.open(home);
    PatientStore patient = new PatientStore(spool, home.ballast());
    DiskStore.Limits limits = new DiskStore.Limits(2_000, 4_000);
    store = new DiskStore(new MemoryFile(home), spool, patient, dir, limits);
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
  }

  @Test
  void fills_by_bytes_and_has_room_again_once_the_controller_has_them() throws IOException {
    long seq = 0;
    while (!store.isFull()) {
      spool(++seq, new Report.UnitSeen(onDisk(seq, 3)));
    }
    assertThat(spool.waitingBytes()).isBetween(2_000L, 3_000L);
    store.trim(seq);
    assertThat(store.isFull()).isFalse();
  }

  @Test
  void at_the_bound_units_gone_from_the_disk_go_first_and_job_events_never() throws IOException {
    long seq = 0;
    spool(++seq, new Report.JobStarted(1, 77, false));
    Unit stays = onDisk(50, 3);
    spool(++seq, new Report.UnitSeen(stays));
    while (spool.waitingBytes() < 3_800) {
      spool(++seq, new Report.UnitSeen(unit(seq, 3)));
    }
    spool(++seq, ENDED);
    Unit newest = onDisk(99, 3);
    spool(++seq, new Report.UnitSeen(newest));

    assertThat(waiting())
        .containsExactly(
            new Report.JobStarted(1, 77, false),
            new Report.UnitSeen(stays),
            new Report.JobEnded(1, new JobEnd(0, 1, JobEnd.Cause.USER_ERROR, List.of("tail"))),
            new Report.UnitSeen(newest));
    assertThat(spool.lastSeq()).isEqualTo(seq);
  }

  @Test
  void where_nothing_can_go_a_unit_is_told_by_name_and_job_events_whole() throws IOException {
    long seq = 0;
    Unit last = onDisk(1, 3);
    do {
      last = onDisk(++seq, 3);
      spool(seq, new Report.UnitSeen(last));
    } while (!(waiting().getLast() instanceof Report.UnitRefused));
    assertThat(((Report.UnitRefused) waiting().getLast()).unit()).isEqualTo(last.id());
    assertThat(((Report.UnitRefused) waiting().getLast()).why()).contains("wait for a controller");

    for (int i = 0; i < 100; i++) {
      spool(++seq, ENDED);
    }
    assertThat(waiting().stream().filter(Report.JobEnded.class::isInstance)).hasSize(100);
  }

  @Test
  void unit_that_no_stream_could_carry_is_told_by_name_with_the_reason() throws IOException {
    Unit vast = unit(1, 60_000);
    spool(1, new Report.UnitSeen(vast));
    assertThat(waiting())
        .singleElement()
        .isInstanceOfSatisfying(
            Report.UnitRefused.class,
            refused -> {
              assertThat(refused.unit()).isEqualTo(vast.id());
              assertThat(refused.root()).isEqualTo("/work/1");
              assertThat(refused.why()).contains("60000 files", "a report 4194304");
            });
  }

  @Test
  void last_lines_that_are_too_long_are_left_out_and_the_end_is_told() throws IOException {
    String line = "x".repeat(Spool.MAX_BYTES);
    spool(1, new Report.JobEnded(1, new JobEnd(0, 9, JobEnd.Cause.KILLED, List.of(line))));
    spool(2, new Report.OrderFailed("7", line));
    assertThat(waiting())
        .containsExactly(
            new Report.JobEnded(1, new JobEnd(0, 9, JobEnd.Cause.KILLED, List.of())),
            new Report.OrderFailed("7", "x".repeat(4_000)));
  }

  private void spool(long seq, Report report) throws IOException {
    store.spool(seq, 0, report);
  }

  private List<Report> waiting() throws IOException {
    List<Report> all = new ArrayList<>();
    for (var next = spool.after(0); next.isPresent(); next = spool.after(next.get().seq())) {
      all.add(FrameCodec.read(next.get().content()));
    }
    return all;
  }

  private Unit onDisk(long number, int files) throws IOException {
    Unit unit = unit(number, files);
    Path place = Files.createDirectories(dir.resolve("work/" + number));
    Files.writeString(place.resolve(unit.manifest().files().getFirst().path()), "x");
    return unit;
  }

  private static Unit unit(long number, int files) {
    Sha256 digest = Sha256.of(new byte[] {1});
    List<FileEntry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      entries.add(
          new FileEntry("%s%06d".formatted("part-of-a-long-name-".repeat(2), i), 7, digest));
    }
    Manifest manifest = new Manifest("/work/" + number, Collections.unmodifiableList(entries));
    return new Unit(
        new UnitId(1, 1, number, manifest.digest()),
        UnitKind.CHECKPOINT,
        "safetensors",
        number,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }
}
