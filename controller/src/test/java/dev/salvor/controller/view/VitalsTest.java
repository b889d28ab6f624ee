package dev.salvor.controller.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Retention;
import dev.salvor.controller.core.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VitalsTest {
  private static final Instant AT = Instant.EPOCH;

  @Test
  void numbers_are_the_newest_and_trends_the_last_while() {
    Vitals vitals = Vitals.NONE;
    for (int i = 0; i < 100; i++) {
      vitals =
          vitals.plus(
              "1.1",
              AT.plus(Duration.ofSeconds(10L * i)),
              List.of(told("gpu", "count", 1), told("gpu", "gpu0 use", i)));
    }
    assertThat(vitals.number("gpu gpu0 use")).hasValue(99);
    assertThat(vitals.trend("gpu gpu0 use")).hasSize(Vitals.MAX_SAMPLES).endsWith(98.0, 99.0);
    assertThat(vitals.trend("gpu count")).isEmpty();
  }

  @Test
  void what_did_not_change_is_not_told_again_and_its_trend_goes_on() {
    Vitals vitals =
        Vitals.NONE
            .plus("1.1", AT, List.of(told("disk", "free /work", 7)))
            .plus("1.1", AT.plusSeconds(10), List.of(told("memory", "used", 1)));

    assertThat(vitals.trend("disk free /work")).containsExactly(7.0, 7.0);
  }

  @Test
  void probe_that_fails_as_a_whole_and_another_box_take_the_old_numbers_away() {
    Vitals one = Vitals.NONE.plus("1.1", AT, List.of(told("gpu", "gpu0 use", 90)));
    Vitals.Told stuck =
        new Vitals.Told("gpu", "gpu", new Vitals.Value(Double.NaN, "nvml_stuck", true));

    assertThat(one.plus("1.1", AT.plusSeconds(10), List.of(stuck)).number("gpu gpu0 use"))
        .isEmpty();
    assertThat(one.plus("2.1", AT.plusSeconds(10), List.of()).values()).isEmpty();
  }

  @Test
  void view_shows_cards_disks_and_when_they_are_full() {
    Story story = Story.begin().rented(Story.ONE).trains(Story.ONE, 1);
    Vitals vitals =
        Vitals.NONE.plus(
            "1.1",
            AT,
            List.of(
                told("gpu", "count", 1),
                told("gpu", "gpu0 use", 97),
                told("disk", "total /work", 100),
                told("disk", "free /work", 25),
                told("disk", "full /work", 3600),
                told("disk", "inodes /work", 1000),
                told("disk", "inodes free /work", 1),
                told("network", "out", 5),
                told("clock", "ahead", -61)));

    VitalsView view = VitalsViews.of(story.state(), vitals);

    assertThat(view.gpus().getFirst().use()).isEqualTo(97);
    assertThat(view.disks().getFirst().bytes())
        .isEqualTo(new VitalsView.Room(100, 25, List.of(0.75), 3600));
    assertThat(view.disks().getFirst().inodes().free()).isEqualTo(1);
    assertThat(view.notes()).containsExactly("its clock is 61 s behind ours");
  }

  @Test
  void a_disk_that_ran_short_is_a_note_that_says_what_becomes_of_it() {
    Vitals vitals = Vitals.NONE.plus("1.1", AT, List.of());
    for (Retention retention : List.of(Retention.ALL, new Retention(0, "", 0, 2))) {
      Story story = Story.keeping(retention);
      assertThat(VitalsViews.of(story.state(), vitals).notes()).isEmpty();
      story.fact(new Fact.RoomShort(story.now(), Story.ONE, 1, "/work", "bytes"));
      String becomes =
          retention.onBox() == 0
              ? "nothing of the job's goes from it, unless run.yaml says so (scratch, on_box)"
              : "checkpoints that are home go from it; there stay the newest 2 of each series";
      assertThat(VitalsViews.of(story.state(), vitals).notes())
          .containsExactly("the disk at /work ran short of bytes: " + becomes);
    }
  }

  @Test
  void cards_are_judged_while_the_job_runs_and_what_nobody_holds_is_told() {
    Story story = Story.begin().rented(Story.ONE).trains(Story.ONE, 1);
    double gib = 1L << 30;
    Vitals vitals =
        Vitals.NONE.plus(
            "1.1",
            AT,
            List.of(
                told("gpu", "count", 2),
                word("gpu", "gpu0", "NVIDIA H100 80GB HBM3"),
                told("gpu", "gpu0 recovery action", 1),
                told("gpu", "gpu0 nvlinks up", 17),
                told("gpu", "gpu0 nvlinks down", 1),
                told("gpu", "gpu1 ecc uncorrected", 3),
                told("gpu", "gpu1 memory used", 20 * gib),
                told("gpu", "gpu1 processes", 1),
                told("gpu", "gpu1 memory of processes", 5 * gib)));

    assertThat(VitalsViews.of(story.state(), vitals).notes())
        .containsExactly(
            "GPU 0: the driver asks for: GPU reset; leave the box; GPU 0: 1 of 18 NVLinks are down",
            "GPU 1: 3 uncorrected memory errors since its start",
            "GPU 1: 16 GB of its memory is held by no process that is told: left by one that"
                + " died, or somebody else's");
    Vitals unseen =
        vitals.plus("1.1", AT.plusSeconds(10), List.of(told("gpu", "gpu1 processes", 0)));
    assertThat(VitalsViews.of(story.state(), unseen).notes())
        .as("a container that is shown no process, and its own job runs")
        .noneMatch(note -> note.contains("held by"));
  }

  @Test
  void threads_are_told_against_the_quota_and_not_the_hosts_processors() {
    Story story = Story.begin().rented(Story.ONE).trains(Story.ONE, 1);
    Vitals vitals =
        Vitals.NONE.plus(
            "1.1",
            AT,
            List.of(
                told("cpu", "seen", 128),
                told("cpu", "quota", 16),
                told("cpu", "used", 15.5),
                told("cpu", "held back", 4),
                told("cpu", "threads", 128)));

    VitalsView view = VitalsViews.of(story.state(), vitals);

    assertThat(view.cpu())
        .isEqualTo(new VitalsView.Cpu(16, 128, 15.5, 4, 128, view.cpu().advice()));
    assertThat(view.notes())
        .containsExactly(
            "128 threads share 16 processors: they take turns. Set OMP_NUM_THREADS and the loader's"
                + " workers to about 16 together");
    Vitals fitting = vitals.plus("1.1", AT.plusSeconds(10), List.of(told("cpu", "threads", 32)));
    assertThat(VitalsViews.of(story.state(), fitting).cpu().advice()).isEmpty();
  }

  @Test
  void disk_in_memory_ends_with_the_memory_and_holds_no_checkpoint_over_a_stop() {
    Story story = Story.begin().rented(Story.ONE).trains(Story.ONE, 1);
    Vitals vitals =
        Vitals.NONE.plus(
            "1.1",
            AT,
            List.of(
                told("disk", "total /", 100),
                told("disk", "free /", 90),
                word("disk", "kind /", "overlay"),
                told("disk", "total /dev/shm", 64),
                told("disk", "free /dev/shm", 60),
                word("disk", "kind /dev/shm", "memory"),
                word("cargo", "checkpoints on /dev/shm", "/dev/shm"),
                told("cargo", "next checkpoint", 25),
                told("memory", "used", 80),
                told("memory", "limit", 100)));

    VitalsView view = VitalsViews.of(story.state(), vitals);

    assertThat(view.disks().get(1).inMemory()).isTrue();
    assertThat(view.disks().get(1).bytes().free()).isEqualTo(20);
    assertThat(view.disks().getFirst().bytes().free()).isEqualTo(90);
    assertThat(view.disks().getFirst().kind()).isEqualTo(VitalsView.Disk.OVERLAY);
    assertThat(view.notes())
        .containsExactly(
            "checkpoints are written to /dev/shm, which is memory: a stop of the box takes them",
            "the next checkpoint takes 25 B, and /dev/shm has 20 B free");
  }

  private static Vitals.Told word(String probe, String name, String text) {
    return new Vitals.Told(probe, name, new Vitals.Value(Double.NaN, text, false));
  }

  private static Vitals.Told told(String probe, String name, double number) {
    return new Vitals.Told(probe, name, new Vitals.Value(number, "", false));
  }
}
