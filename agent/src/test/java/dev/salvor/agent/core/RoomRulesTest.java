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
    // The controller may give what is home; a person need not be awake for that.
    assertThat(box.spooled()).contains(new Report.RoomShort(1, "/workspace", "bytes"));
    Report.Notice notice = (Report.Notice) box.spooled().getLast();
    assertThat(notice.what()).contains("/workspace", "1400.0 MB", "1000.0 MB in 10 files");
    assertThat(notice.next()).contains("scratch", "on_box");
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

  @Test
  void disks_are_looked_at_every_two_seconds_and_never_twice_at_once() {
    Box box = seen(Box.running(), ROOMY);
    assertThat(RoomRules.wakeAt(box.state())).isEqualTo(RoomRules.LOOK_EVERY_MS);
    box.after(RoomRules.LOOK_EVERY_MS);
    assertThat(RoomRules.wakeAt(box.state())).isEqualTo(Long.MAX_VALUE);
    assertThat(box.after(60_000).actions(Action.LookForRoom.class)).isEmpty();
    seen(box, ROOMY);
    assertThat(RoomRules.wakeAt(box.state())).isEqualTo(box.now() + RoomRules.LOOK_EVERY_MS);
    assertThat(RoomRules.wakeAt(Box.up().state())).as("no job").isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_disk_that_was_short_is_short_until_it_has_a_quarter_more() {
    Box box = seen(Box.running(), disk(1_600_000_000, 500_000));
    assertThat(reliefs(box)).as("never short").isEmpty();
    seen(box, disk(1_400_000_000, 500_000));
    helped(box);
    assertThat(reliefs(seen(box, disk(1_600_000_000, 500_000)))).containsExactly(Relief.PINS);
    helped(box);
    seen(box, disk(1_875_000_000, 500_000));
    assertThat(reliefs(seen(box, disk(1_600_000_000, 500_000)))).as("over").isEmpty();
  }

  @Test
  void a_disk_that_stays_short_is_helped_again_just_after_half_a_minute() {
    Box box = Box.running();
    for (int i = 0; i < 2; i++) {
      helped(seen(box, disk(1, 500_000)));
    }
    seen(box, disk(1, 500_000));
    assertThat(told(box)).hasSize(1);
    box.after(RoomRules.AGAIN_MS - 1);
    assertThat(reliefs(seen(box, disk(1, 500_000)))).isEmpty();
    box.after(1);
    for (Relief relief : List.of(Relief.SCRATCH, Relief.PINS)) {
      assertThat(reliefs(seen(box, disk(1, 500_000)))).containsExactly(relief);
      helped(box);
    }
    box.after(RoomRules.AGAIN_MS - 1);
    assertThat(reliefs(seen(box, disk(1, 500_000)))).isEmpty();
    box.after(1);
    assertThat(reliefs(seen(box, disk(1, 500_000)))).containsExactly(Relief.SCRATCH);
    assertThat(told(box)).as("once an episode").hasSize(1);
  }

  @Test
  void a_person_reads_what_is_left_what_is_wanted_and_what_was_tried() {
    Box box = Box.running();
    for (String gave : List.of("3 files", "nothing")) {
      seen(box, disk(1_400_000_000, 500_000));
      var asked = box.actions(Action.MakeRoom.class).getFirst();
      box.on(new AgentEvent.RoomMade(asked.place(), asked.relief(), gave));
    }
    seen(box, disk(1_400_000_000, 500_000));
    assertThat(((Report.Notice) box.spooled().getLast()).what())
        .isEqualTo(
            "The disk at /workspace runs out of bytes: 1400.0 MB and 500000 inodes left;"
                + " the next checkpoint takes about 1000.0 MB in 10 files."
                + " Tried: 3 files, nothing.");

    Box bare = Box.running();
    Disk uncounted = new Disk("/", 100_000_000_000L, 1_000_000, 0, 0, false);
    for (int i = 0; i < 3; i++) {
      bare.on(new AgentEvent.RoomSeen(List.of(uncounted), Need.UNKNOWN, ""));
      bare.actions(Action.MakeRoom.class).stream()
          .findFirst()
          .ifPresent(ask -> bare.on(new AgentEvent.RoomMade("/", ask.relief(), "nothing")));
    }
    assertThat(((Report.Notice) bare.spooled().getLast()).what())
        .isEqualTo("The disk at / runs out of bytes: 1.0 MB left. Tried: nothing, nothing.");
  }

  @Test
  void the_pace_is_of_the_last_minute_or_two() {
    Need often = new Need(1_000_000, 1, 300_000);
    Box box = Box.running().after(1_000);
    looked(box, 60_000_000_000L, often);
    box.after(RoomRules.SAMPLE_MS - 1);
    assertThat(reliefs(looked(box, 20_000_000_000L, often))).as("too short a time").isEmpty();
    box.after(1);
    // 40 GB a minute: the other 20 GB are gone in half a minute.
    assertThat(reliefs(looked(box, 20_000_000_000L, often))).containsExactly(Relief.SCRATCH);

    Box slow = Box.running().after(1_000);
    looked(slow, 60_000_000_000L, often);
    slow.after(2 * RoomRules.SAMPLE_MS);
    assertThat(reliefs(looked(slow, 50_000_000_000L, often))).as("in ten minutes").isEmpty();
    slow.after(1);
    looked(slow, 50_000_000_000L, often);
    slow.after(RoomRules.SAMPLE_MS);
    assertThat(reliefs(looked(slow, 50_000_000_000L, often))).as("it fills no more").isEmpty();
    assertThat(reliefs(looked(slow, 40_000_000_000L, often)))
        .as("10 GB in this minute")
        .containsExactly(Relief.SCRATCH);
  }

  private static Box looked(Box box, long freeBytes, Need need) {
    return box.on(new AgentEvent.RoomSeen(List.of(disk(freeBytes, 500_000)), need, ""));
  }

  @Test
  void inodes_that_go_at_a_pace_are_seen_to_go() {
    Need often = new Need(1_000_000, 1, 300_000);
    Box box = Box.running().after(1_000);
    box.on(new AgentEvent.RoomSeen(List.of(disk(50_000_000_000L, 900_000)), often, ""));
    box.after(RoomRules.SAMPLE_MS);
    box.on(new AgentEvent.RoomSeen(List.of(disk(50_000_000_000L, 300_000)), often, ""));
    assertThat(reliefs(box)).containsExactly(Relief.SCRATCH);
  }
}
