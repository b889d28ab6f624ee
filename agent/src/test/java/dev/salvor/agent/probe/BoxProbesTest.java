package dev.salvor.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.probe.Statfs.Kind;
import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a box's own files tell, on captured trees.
final class BoxProbesTest {
  @TempDir Path root;

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void traffic_is_that_of_every_interface_but_the_loop() {
    String text =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
            lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0
          eth0: 1000 8 0 0 0 0 0 0 200 5 0 0 0 0 0 0
         wg0:7 8 0 0 0 0 0 0 3 5 0 0 0 0 0 0
        """;

    assertThat(NetworkProbe.traffic(text)).isEqualTo(new NetworkProbe.Traffic(1007, 203));
  }

  @Test
  void processors_are_those_of_the_container_and_their_use_is_since_the_last_look()
      throws IOException {
    write("sys/devices/system/cpu/online", "0-127\n");
    write("sys/fs/cgroup/cpu.max", "1600000 100000\n");
    write("sys/fs/cgroup/cpu.stat", "usage_usec 1000000\nnr_throttled 4\n");
    CpuProbe probe = new CpuProbe(root, nanos::get);
    assertThat(probe.read())
        .containsExactly(
            new Reading.Amount("cpu", "seen", 128, "cores"),
            new Reading.Amount("cpu", "quota", 16, "cores"),
            new Reading.Amount("cpu", "held back", 4, "periods"));

    pass(Duration.ofSeconds(10));
    write("sys/fs/cgroup/cpu.stat", "usage_usec 26000000\nnr_throttled 4\n");
    assertThat(probe.read()).contains(new Reading.Amount("cpu", "used", 2.5, "cores"));
  }

  @Test
  void what_shrinks_is_empty_at_its_pace_and_what_grows_is_not() {
    Trend trend = new Trend();
    assertThat(trend.toEmpty(0, 1000)).isEmpty();
    assertThat(trend.toEmpty(30, 900)).as("too short to tell").isEmpty();
    assertThat(trend.toEmpty(100, 900)).hasValue(900);
    assertThat(trend.toEmpty(200, 1100)).isEmpty();
  }

  @Test
  void code_is_told_by_its_commit_or_by_what_is_in_it() throws IOException {
    write("app/.git/HEAD", "ref: refs/heads/main\n");
    write("app/.git/refs/heads/main", "0123456789012345678901234567890123456789\n");
    write("workspace/train.py", "print(1)\n");
    CodeProbe probe = new CodeProbe(root, List.of("/app", "/workspace"));
    var before = probe.read();
    assertThat(before.getFirst())
        .isEqualTo(
            new Reading.Text(
                "code", "/app", "commit 0123456789012345678901234567890123456789 (main)"));

    write("workspace/train.py", "print(2)\n");
    assertThat(probe.read().get(1)).isNotEqualTo(before.get(1));
  }

  @Test
  void who_eats_the_inodes_is_found_in_one_walk_that_no_other_place_uses_up() throws IOException {
    Statfs.Room layer = new Statfs.Room(1_000_000, 500_000, 900, 1, 7, Kind.OVERLAY);
    Statfs.Rooms rooms =
        path ->
            path.startsWith(root.resolve("dev"))
                ? new Statfs.Room(9, 9, 9, 9, 8, Kind.MEMORY)
                : layer;
    for (int i = 0; i < 30; i++) {
      write("usr/lib/python3/%d.py".formatted(i), "");
      write("workspace/code/%d.py".formatted(i), "");
      write("tmp/shards/%d".formatted(i), "");
      write("tmp/shards/more/%d".formatted(i), "");
      write("dev/shm/%d".formatted(i), "");
    }
    write("home/notes", "");
    List<String> places = List.of("/", "/workspace", "/tmp", "/dev/shm");

    List<Reading> whole = new InodeProbe(root, places, nanos::get, rooms, 1000).read();
    assertThat(whole)
        .as("each file system once, without what the image brought")
        .containsExactly(
            new Reading.Text(
                "inodes", "eaten /", "/tmp/shards 31, /tmp/shards/more 30, /workspace/code 30"));

    List<Reading> some = new InodeProbe(root, places, nanos::get, rooms, 60).read();
    assertThat(text(some.getFirst()))
        .as("a third of them each, and what is left over")
        .contains("/workspace/code 18", "/tmp/shards")
        .contains(" (of the first 4");

    List<Reading> late =
        new InodeProbe(
                root, places, () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()), rooms, 1000)
            .read();
    assertThat(text(late.getFirst())).as("ten seconds are up").contains("of the first ");
  }

  /// Millions of shards lie beside the sources, and directories list their entries in any order.
  @Test
  void digest_of_code_passes_over_data_and_is_the_same_on_every_disk() throws IOException {
    write("workspace/src/b.py", "2");
    write("workspace/src/a.py", "1");
    CodeProbe probe = new CodeProbe(root, List.of("/workspace"));
    var before = probe.read();
    assertThat(((Reading.Text) before.getFirst()).value()).endsWith(" of 2 source files");

    for (int i = 0; i <= CodeProbe.MAX_IN_ONE; i++) {
      write("workspace/data/%d.json".formatted(i), "");
    }
    assertThat(probe.read()).isEqualTo(before);

    // A second disk, written in another order.
    write("other/src/a.py", "1");
    write("other/src/b.py", "2");
    var there = new CodeProbe(root, List.of("/other")).read();
    assertThat(((Reading.Text) there.getFirst()).value())
        .isEqualTo(((Reading.Text) before.getFirst()).value());
  }

  @Test
  void file_systems_are_known_by_what_they_are_and_each_counts_once() throws IOException {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(Files.isDirectory(memory) && Statfs.of(memory).kind() == Kind.MEMORY);

    List<Reading> readings =
        new DiskProbe(Path.of("/"), List.of("/", "/dev/shm", "/usr/bin/..", "/usr"), nanos::get)
            .read();

    assertThat(readings).contains(new Reading.Text("disk", "kind /dev/shm", "memory"));
    assertThat(readings).noneMatch(r -> r.name().equals("kind /") && text(r).equals("memory"));
    assertThat(readings.stream().filter(r -> r.name().startsWith("total /usr"))).hasSizeLessThan(2);
  }

  @Test
  void layer_of_a_container_is_the_disk_that_it_lies_on() {
    Statfs.Room layer = new Statfs.Room(1_000_000, 500_000, 900, 100, 7, Kind.OVERLAY);
    assertThat(layer.isSame(new Statfs.Room(1_000_000, 500_400, 900, 100, 8, Kind.DISK))).isTrue();
    assertThat(layer.isSame(new Statfs.Room(1_000_000, 400_000, 900, 100, 8, Kind.DISK))).isFalse();
    assertThat(layer.isSame(new Statfs.Room(1_000_000, 500_000, 900, 100, 8, Kind.MEMORY)))
        .isFalse();
    Statfs.Room disk = new Statfs.Room(1_000_000, 500_000, 900, 100, 7, Kind.DISK);
    assertThat(disk.isSame(new Statfs.Room(1_000_000, 500_000, 900, 100, 8, Kind.DISK)))
        .as("two disks as large and as full")
        .isFalse();
    assertThat(disk.isSame(disk)).isTrue();
  }

  private static String text(Reading reading) {
    return reading instanceof Reading.Text text ? text.value() : "";
  }

  @Test
  void download_that_does_not_grow_for_three_minutes_is_told_with_what_to_try() throws IOException {
    String half = "workspace/.salvor/hf/hub/models--x/blobs/abc.incomplete";
    write(half, "12345");
    DownloadProbe probe = new DownloadProbe(root, Map.of(), nanos::get);
    assertThat(probe.read())
        .containsExactly(new Reading.Amount("download", "under way", 5, "bytes"));

    pass(Duration.ofMinutes(2));
    write(half, "123456");
    assertThat(probe.read()).hasSize(1);
    pass(Duration.ofMinutes(3));
    assertThat(probe.read())
        .anyMatch(r -> r instanceof Reading.Text text && text.value().contains("HF_ENDPOINT"));
    Files.delete(root.resolve(half));
    assertThat(probe.read()).isEmpty();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
