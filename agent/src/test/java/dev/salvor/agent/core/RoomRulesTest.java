package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RoomRulesTest {
  private static final Need NEED = new Need(1_000_000_000, 10, 0);

  private static Disk disk(long freeBytes, long freeInodes) {
    return new Disk("/workspace", 100_000_000_000L, freeBytes, 1_000_000, freeInodes, true);
  }

  private static final Disk ROOMY = disk(50_000_000_000L, 500_000);

  private static Box seen(Box box, Disk disk) {
    return box.on(new AgentEvent.RoomSeen(List.of(disk), NEED, ""));
  }

  private static List<Relief> reliefs(Box box) {
    return box.actions(Action.MakeRoom.class).stream().map(Action.MakeRoom::relief).toList();
  }

  private static Box helped(Box box) {
    var asked = box.actions(Action.MakeRoom.class).getFirst();
    return box.on(new AgentEvent.RoomMade(asked.place(), asked.relief(), "nothing"));
  }

  private static List<String> told(Box box) {
    return box.spooled().stream()
        .filter(Report.Notice.class::isInstance)
        .map(report -> ((Report.Notice) report).key())
        .toList();
  }

  @Test
  void a_disk_with_room_is_only_looked_at() {
    Box box = seen(Box.running(), ROOMY);
    box.after(RoomRules.LOOK_EVERY_MS);
    assertThat(box.actions(Action.LookForRoom.class)).hasSize(1);
    seen(box, ROOMY);
    assertThat(reliefs(box)).isEmpty();
    assertThat(told(box)).isEmpty();
  }

  @Test
  void scratch_goes_before_pins_and_a_person_is_told_last() {
    Box box = Box.running();
    box.after(RoomRules.LOOK_EVERY_MS);
    seen(box, disk(1_400_000_000, 500_000));
    assertThat(reliefs(box)).containsExactly(Relief.SCRATCH);
    helped(box);
    assertThat(box.actions(Action.LookForRoom.class)).hasSize(1);
    seen(box, disk(1_400_000_000, 500_000));
    assertThat(reliefs(box)).containsExactly(Relief.PINS);
    helped(box);
    assertThat(told(box)).isEmpty();
    seen(box, disk(1_400_000_000, 500_000));
    assertThat(told(box)).containsExactly("disk-bytes-1");
    Report.Notice notice = (Report.Notice) box.spooled().getLast();
    assertThat(notice.what()).contains("/workspace", "1400.0 MB", "1000.0 MB in 10 files");
    assertThat(notice.next()).contains("scratch");
  }

  @Test
  void scratch_that_is_enough_leaves_the_pins() {
    Box box = Box.running();
    box.after(RoomRules.LOOK_EVERY_MS);
    seen(box, disk(1_400_000_000, 500_000));
    helped(box);
    seen(box, ROOMY);
    assertThat(reliefs(box)).isEmpty();
    assertThat(told(box)).isEmpty();
  }

  @Test
  void inodes_run_out_as_bytes_do() {
    Box box = Box.running();
    box.after(RoomRules.LOOK_EVERY_MS);
    for (int i = 0; i < 2; i++) {
      seen(box, disk(50_000_000_000L, 20));
      helped(box);
    }
    seen(box, disk(50_000_000_000L, 20));
    assertThat(told(box)).containsExactly("disk-inodes-1");
  }

  @Test
  void while_it_stays_short_it_is_helped_again_and_told_once_an_episode() {
    Box box = Box.running();
    for (int episode = 1; episode <= 2; episode++) {
      box.after(RoomRules.AGAIN_MS);
      for (int i = 0; i < 2; i++) {
        seen(box, disk(1, 500_000));
        helped(box);
      }
      seen(box, disk(1, 500_000));
      box.after(RoomRules.LOOK_EVERY_MS);
      seen(box, disk(1, 500_000));
      assertThat(reliefs(box)).isEmpty();
      box.after(RoomRules.AGAIN_MS);
      seen(box, disk(1, 500_000));
      assertThat(reliefs(box)).containsExactly(Relief.SCRATCH);
      helped(box);
      seen(box, ROOMY);
    }
    assertThat(told(box)).containsExactly("disk-bytes-1", "disk-bytes-2");
  }

  @Test
  void a_disk_that_fills_before_the_next_checkpoint_is_short_already() {
    Box box = Box.running();
    Need often = new Need(1_000_000, 1, 300_000);
    box.after(RoomRules.LOOK_EVERY_MS);
    box.on(new AgentEvent.RoomSeen(List.of(disk(40_000_000_000L, 500_000)), often, ""));
    assertThat(reliefs(box)).isEmpty();
    box.after(RoomRules.SAMPLE_MS);
    box.on(new AgentEvent.RoomSeen(List.of(disk(20_000_000_000L, 500_000)), often, ""));
    assertThat(reliefs(box)).containsExactly(Relief.SCRATCH);
  }

  @Test
  void a_disk_that_counts_no_inodes_or_that_cannot_be_seen_is_no_reason_to_erase() {
    Box box = Box.running();
    box.after(RoomRules.LOOK_EVERY_MS);
    seen(box, new Disk("/", 100_000_000_000L, 50_000_000_000L, 0, 0, true));
    assertThat(reliefs(box)).isEmpty();
    box.after(RoomRules.LOOK_EVERY_MS);
    box.on(new AgentEvent.RoomSeen(List.of(), Need.UNKNOWN, "statvfs failed"));
    assertThat(reliefs(box)).isEmpty();
    assertThat(box.actions(Action.Say.class)).isNotEmpty();
  }
}
