package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.agent.core.JobCare.Listens;
import dev.salvor.agent.core.RoomRule.Lack;
import dev.salvor.agent.core.RoomRule.Pace;
import dev.salvor.common.telemetry.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Judgements at their very edges.
final class JudgementsTest {
  private static final long GB = 1_000_000_000;
  private static final Need NEED = new Need(GB, 100, 0);

  @Test
  void dice_replay_and_stay_below_their_bound() {
    Jitter first = new Jitter(42);
    assertThat(first.below(1_000_000)).isEqualTo(splitMix(42, 1_000_000));
    assertThat(first.next()).isEqualTo(new Jitter(42 + 0x9E3779B97F4A7C15L));
    assertThat(first.next().below(1_000_000))
        .isEqualTo(splitMix(42 + 0x9E3779B97F4A7C15L, 1_000_000))
        .isNotEqualTo(first.below(1_000_000));
    for (long seed = -50; seed < 50; seed++) {
      assertThat(new Jitter(seed).below(7)).isBetween(0L, 6L);
    }
  }

  /// As its authors wrote it down (Steele, Lea, Flood 2014).
  private static long splitMix(long seed, long bound) {
    java.math.BigInteger two = java.math.BigInteger.TWO;
    java.math.BigInteger mod = two.pow(64);
    java.math.BigInteger z = unsigned(seed).add(unsigned(0x9E3779B97F4A7C15L)).mod(mod);
    z = z.xor(z.shiftRight(30)).multiply(unsigned(0xBF58476D1CE4E5B9L)).mod(mod);
    z = z.xor(z.shiftRight(27)).multiply(unsigned(0x94D049BB133111EBL)).mod(mod);
    z = z.xor(z.shiftRight(31));
    return Math.floorMod(z.longValue(), bound);
  }

  private static java.math.BigInteger unsigned(long value) {
    return new java.math.BigInteger(Long.toUnsignedString(value));
  }

  private static Disk disk(long free, long freeInodes) {
    return new Disk("/w", 100 * GB, free, 1_000_000, freeInodes, true);
  }

  @Test
  void room_for_one_and_a_half_checkpoints_is_room() {
    assertThat(RoomRule.judge(disk(1_500_000_000, 9_999), NEED, Pace.UNKNOWN, false)).isEmpty();
    assertThat(RoomRule.judge(disk(1_499_999_999, 9_999), NEED, Pace.UNKNOWN, false))
        .contains(Lack.BYTES);
    assertThat(RoomRule.judge(disk(1_500_000_000, 9_999), NEED, Pace.UNKNOWN, true))
        .contains(Lack.BYTES);
    assertThat(RoomRule.judge(disk(1_875_000_000, 9_999), NEED, Pace.UNKNOWN, true)).isEmpty();
  }

  @Test
  void inodes_are_judged_where_they_are_counted() {
    Need many = new Need(GB, 2_000, 0);
    assertThat(RoomRule.judge(disk(10 * GB, 3_016), many, Pace.UNKNOWN, false)).isEmpty();
    assertThat(RoomRule.judge(disk(10 * GB, 3_015), many, Pace.UNKNOWN, false))
        .contains(Lack.INODES);
    assertThat(RoomRule.judge(disk(10 * GB, 3_016), many, Pace.UNKNOWN, true))
        .contains(Lack.INODES);
    assertThat(RoomRule.judge(disk(10 * GB, 3_770), many, Pace.UNKNOWN, true)).isEmpty();
    Disk uncounted = new Disk("/w", 100 * GB, 10 * GB, 0, 0, true);
    assertThat(RoomRule.judge(uncounted, many, Pace.UNKNOWN, false)).isEmpty();
  }

  @Test
  void what_is_wanted_is_never_under_the_floor() {
    Disk small = new Disk("/w", GB, 0, 10_000, 0, true);
    assertThat(RoomRule.wantedBytes(small, Need.UNKNOWN)).isEqualTo(20_000_000);
    assertThat(RoomRule.wantedInodes(small, Need.UNKNOWN)).isEqualTo(200);
    assertThat(RoomRule.wantedInodes(small, new Need(0, 1, 0))).isEqualTo(200);
    assertThat(RoomRule.wantedInodes(small, new Need(0, 200, 0))).isEqualTo(316);
    Disk tiny = new Disk("/w", GB, 0, 500, 0, true);
    assertThat(RoomRule.wantedInodes(tiny, Need.UNKNOWN)).isEqualTo(10);
    Disk large = new Disk("/w", 100_000 * GB, 0, 1_000_000_000, 0, true);
    assertThat(RoomRule.wantedBytes(large, Need.UNKNOWN)).isEqualTo(64L << 20);
    assertThat(RoomRule.wantedInodes(large, Need.UNKNOWN)).isEqualTo(1_000);
    assertThat(RoomRule.wantedBytes(large, NEED)).isEqualTo(1.5 * GB);
    Disk other = new Disk("/tmp", GB, 0, 10_000, 0, false);
    assertThat(RoomRule.wantedBytes(other, NEED)).isEqualTo(20_000_000);
    assertThat(RoomRule.wantedInodes(other, new Need(GB, 5_000, 0))).isEqualTo(200);
  }

  @Test
  void a_disk_that_fills_before_the_next_checkpoint_is_short_though_there_is_room_now() {
    Need soon = new Need(GB, 100, 120_000);
    Disk now = disk(12 * GB, 900_000);
    assertThat(RoomRule.judge(now, soon, new Pace(100_001, 0), false)).contains(Lack.BYTES);
    assertThat(RoomRule.judge(now, soon, new Pace(100_000, 0), false)).isEmpty();
    assertThat(RoomRule.judge(now, soon, new Pace(0, 7.6), false)).contains(Lack.INODES);
    assertThat(RoomRule.judge(now, soon, new Pace(0, 7.5), false)).isEmpty();
    assertThat(RoomRule.judge(now, new Need(GB, 100, 0), new Pace(1e9, 1e9), false)).isEmpty();
    Need late = new Need(GB, 100, 3_600_000);
    assertThat(RoomRule.judge(now, late, new Pace(20_000, 0), false)).isEmpty();
    assertThat(RoomRule.judge(now, late, new Pace(20_001, 0), false)).contains(Lack.BYTES);
  }

  @Test
  void a_gpu_is_idle_by_three_signs_and_busy_by_its_power() {
    assertThat(gpu(4.9, 112, 1_259)).isEqualTo(Vigil.Gpu.IDLE);
    assertThat(gpu(5, 112, 1_259)).isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(gpu(4.9, 112.5, 1_259)).isEqualTo(Vigil.Gpu.BUSY);
    assertThat(gpu(4.9, 112, 1_260)).isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(gpu(100, 300, 2_520)).isEqualTo(Vigil.Gpu.BUSY);
    assertThat(Gpus.judge(List.of(amount("count", 1), amount("gpu0 use", 0))))
        .isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(Gpus.judge(List.of(amount("count", 0)))).isEqualTo(Vigil.Gpu.UNKNOWN);
    assertThat(
            Gpus.judge(
                List.of(
                    amount("count", 1),
                    amount("gpu0 use", 0),
                    amount("gpu0 power", 1),
                    amount("gpu0 power limit", 0),
                    amount("gpu0 clock", 1),
                    amount("gpu0 clock max", 2))))
        .isEqualTo(Vigil.Gpu.UNKNOWN);
  }

  private static Vigil.Gpu gpu(double use, double watts, double mhz) {
    return Gpus.judge(
        List.of(
            amount("count", 1),
            amount("gpu0 use", use),
            amount("gpu0 power", watts),
            amount("gpu0 power limit", 450),
            amount("gpu0 clock", mhz),
            amount("gpu0 clock max", 2_520)));
  }

  private static Reading amount(String name, double value) {
    return new Reading.Amount("gpu", name, value, "");
  }

  @Test
  void how_a_job_listens_is_read_as_it_is_written() {
    for (String text : List.of("", "SIGUSR1", "SIGTERM", "file:/work/ask")) {
      assertThat(Listens.read(text).write()).isEqualTo(text);
    }
    assertThat(Listens.read("SIGUSR1")).isEqualTo(new Listens.Signal("USR1"));
    assertThat(Listens.read("file:/work/ask")).isEqualTo(new Listens.File("/work/ask"));
    assertThat(Listens.read("")).isEqualTo(new Listens.Never());
    assertThatThrownBy(() -> Listens.read("SIGKILL")).hasMessageContaining("SIGKILL");
    assertThatThrownBy(() -> Listens.read("file:relative")).hasMessageContaining("relative");
  }

  @Test
  void a_job_has_a_command_and_tells_nobody_its_settings() {
    assertThatThrownBy(() -> new JobSpec(" ", "/w", Map.of(), List.of(), List.of()))
        .hasMessageContaining("a command, or tasks");
    assertThatThrownBy(() -> new JobSpec("x", "w", Map.of(), List.of(), List.of()))
        .hasMessageContaining("absolute: w");
    assertThat(new JobSpec("x", "/w", Map.of("KEY", "secret"), List.of(), List.of()))
        .hasToString("JobSpec[x in /w]");
  }

  @Test
  void reports_are_noted_for_the_start_they_are_of() {
    Memory memory = Memory.fresh(2);
    Memory stalled = Ledger.note(memory, new Report.JobStalled(2, 1, "silent"));
    assertThat(stalled.job().stalled()).isTrue();
    assertThat(Ledger.note(memory, new Report.JobStalled(1, 1, "silent"))).isEqualTo(memory);
    assertThat(Ledger.note(memory, new Report.JobStalled(2, 2, "silent"))).isEqualTo(memory);
    assertThat(Ledger.note(stalled, new Report.JobMoving(2, 1)).job().stalled()).isFalse();
    assertThat(Ledger.note(stalled, new Report.JobMoving(2, 3))).isEqualTo(stalled);
    assertThat(Ledger.note(stalled, new Report.JobMoving(1, 1))).isEqualTo(stalled);
    Memory told = Ledger.note(memory, new Report.TaskDone(2, "d1", "echo", 0));
    assertThat(told.job().tasksTold()).containsExactly("d1");
    assertThat(Ledger.note(told, new Report.TaskDone(2, "d1", "echo", 0))).isEqualTo(told);
    assertThat(Ledger.note(memory, new Report.Quiesced(1, 0, true))).isEqualTo(memory);
    assertThat(Ledger.note(memory, new Report.Quiesced(2, 0, true)).notes().held()).isTrue();
  }

  @Test
  void a_position_only_rises_and_only_for_its_boot() {
    Memory at = Ledger.note(Memory.fresh(1), new Report.UnitSeen(Box.unit(1, 5)));
    assertThat(at.notes().position()).isEqualTo(5);
    assertThat(Ledger.note(at, new Report.UnitSeen(Box.unit(1, 5)))).isEqualTo(at);
    assertThat(Ledger.note(at, new Report.UnitSeen(Box.unit(1, 4)))).isEqualTo(at);
    assertThat(Ledger.note(at, new Report.UnitSeen(Box.unit(2, 9)))).isEqualTo(at);
    assertThat(new Outbox(9, 4).waiting()).isEqualTo(5);
  }

  @Test
  void tasks_and_orders_are_remembered_within_bounds() {
    JobNotes notes = JobNotes.FRESH;
    for (int i = 0; i <= JobNotes.MAX_TASKS; i++) {
      notes = notes.withTold("t" + i);
    }
    assertThat(notes.tasksTold()).hasSize(JobNotes.MAX_TASKS).startsWith("t1").doesNotContain("t0");
    Memory memory = Memory.fresh(1);
    for (int i = 0; i <= Memory.MAX_ORDERS; i++) {
      memory = memory.withOrder("o" + i);
    }
    assertThat(memory.ordersDone()).hasSize(Memory.MAX_ORDERS).doesNotContain("o0").contains("o1");
  }

  @Test
  void a_lease_comes_back_as_it_was_left_and_a_boot_has_ten_minutes() {
    Moment now = new Moment(50_000, 1_000_000);
    Lease running = new Lease(1_060_000, 90_000, 30_000, true, 0);
    assertThat(LeaseClock.restored(running, now, false).untilAt()).isEqualTo(110_000);
    assertThat(LeaseClock.restored(running, now, true).untilAt())
        .isEqualTo(50_000 + LeaseClock.BOOT_MS);
    assertThat(LeaseClock.restored(running, now, false).spent()).isFalse();
    Lease over = new Lease(1_000_000, 90_000, 30_000, true, 0);
    assertThat(LeaseClock.restored(over, now, false).spent()).isTrue();
    Lease never = new Lease(0, 90_000, 30_000, true, 0);
    assertThat(LeaseClock.restored(never, now, false).spent()).isFalse();
    assertThat(LeaseClock.restored(never, now, false).untilAt()).isEqualTo(140_000);
    assertThat(LeaseClock.restored(running, now, false).idleSince()).isEqualTo(LeaseClock.NEVER);
    Lease idle = new Lease(1_060_000, 90_000, 30_000, true, 990_000);
    assertThat(LeaseClock.restored(idle, now, false).idleSince()).isEqualTo(40_000);
    assertThat(LeaseClock.restored(idle, now, true).idleSince()).isEqualTo(LeaseClock.NEVER);
    assertThat(Optional.of(LeaseClock.restored(idle, now, false).phase()))
        .contains(new LeaseClock.Phase.Granted());
  }

  @Test
  void sixty_four_copies_may_wait_and_one_more_is_refused() {
    Box box = Box.running();
    for (int i = 0; i < 64; i++) {
      box.order("c" + i, new Order.CarryOut(Box.unit(1, i + 1).id()));
    }
    assertThat(box.spooled()).noneMatch(Report.OrderFailed.class::isInstance);
    assertThat(box.memory().carries()).hasSize(64);
    box.order("one-more", new Order.CarryOut(Box.unit(1, 65).id()));
    assertThat(box.spooled())
        .contains(new Report.OrderFailed("one-more", "64 copies wait on this box already"));
    assertThat(box.memory().carries()).hasSize(64);
  }

  @Test
  void an_order_is_taken_once_and_what_is_done_about_it_is_said() {
    Box box = Box.running();
    box.order("s1", new Order.StopJob(500, false));
    assertThat(box.actions(Action.StopJob.class))
        .containsExactly(new Action.StopJob(500, Action.StopWhy.ORDERED));
    assertThat(box.memory().notes().held()).isTrue();
    assertThat(said(box)).contains("order");
    box.order("s1", new Order.StopJob(500, false));
    assertThat(box.actions(Action.StopJob.class)).isEmpty();
    box.order("s2", new Order.StopJob(700, true));
    assertThat(box.actions(Action.StopJob.class))
        .containsExactly(new Action.StopJob(700, Action.StopWhy.HUNG));
    box.order("f", new Order.Fenced("newer"));
    assertThat(box.memory().fenced()).isTrue();
    assertThat(said(box)).contains("fenced: a newer generation is current, no job here");
  }

  @Test
  void what_changes_nothing_is_said_too() {
    Box idle = Box.up();
    idle.order("s", new Order.StopJob(500, false));
    assertThat(idle.actions(Action.StopJob.class)).isEmpty();
    assertThat(said(idle)).contains("no job runs, nothing to stop");
    Box busy = Box.running();
    busy.order("p2", new Order.Proceed(Box.JOB, new StartFrom.Disk()));
    assertThat(said(busy)).contains("the job runs already, proceed changes nothing");
  }

  private static List<String> said(Box box) {
    return box.actions(Action.Say.class).stream().map(Action.Say::message).toList();
  }
}
