package dev.salvor.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
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
