package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.probe.gpu.FakeDriver;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A driver that hangs holds up nothing but the look at itself.
final class StuckDriverTest {
  /// Beats are 0.4 s apart, and a look is waited for 2 s: one that waited for it would be over this
  /// at every look. A busy machine is over it now and then.
  private static final long LATE_MS = 1_000;

  private static final int LOOKS = 3;

  @TempDir Path dir;

  @Test
  void no_beat_is_late_while_the_driver_hangs_and_it_is_told_as_stuck() throws Exception {
    Path slow = dir.resolve("slow");
    FakeDriver.make(dir, "fakenvml.c", "libnvidia-ml.so.1", "-DSLOW_FILE=\"" + slow + "\"");
    Files.createFile(slow);
    AgentRig rig = new AgentRig(dir, Map.of("LD_LIBRARY_PATH", dir.toString()));
    try {
      List<Long> longest = new ArrayList<>();
      do {
        longest.add(longestGap(rig, slow));
      } while (longest.getLast() >= LATE_MS && longest.size() < LOOKS);

      assertThat(longest.getLast())
          .as("the longest time between two beats, at each look that hung: %s", longest)
          .isLessThan(LATE_MS);
    } finally {
      rig.close();
    }
  }

  /// Of the beats around one look that hangs.
  private static long longestGap(AgentRig rig, Path slow) throws IOException {
    int from = rig.controller().frames().size();
    if (!Files.exists(slow)) {
      Files.createFile(slow);
    }
    Await.until("it is told as stuck", Duration.ofSeconds(40), () -> stuckAt(rig, from) >= 0);
    Files.delete(slow);
    int stuck = stuckAt(rig, from);
    Await.until(
        "beats after it", Duration.ofSeconds(10), () -> beats(rig, stuck, Integer.MAX_VALUE) >= 3);
    assertThat(beats(rig, from, stuck)).as("beats before it").isGreaterThanOrEqualTo(3);

    List<Long> at =
        rig.controller().frames().stream()
            .skip(from)
            .filter(AgentFrame::hasBeat)
            .map(AgentFrame::getAtMs)
            .toList();
    return IntStream.range(1, at.size()).mapToLong(i -> at.get(i) - at.get(i - 1)).max().orElse(0);
  }

  private static long beats(AgentRig rig, int from, int to) {
    List<AgentFrame> frames = rig.controller().frames();
    return frames.subList(from, Math.min(to, frames.size())).stream()
        .filter(AgentFrame::hasBeat)
        .count();
  }

  private static int stuckAt(AgentRig rig, int from) {
    List<AgentFrame> frames = rig.controller().frames();
    for (int i = from; i < frames.size(); i++) {
      boolean stuck =
          frames.get(i).getReadings().getReadingsList().stream()
              .map(Reading::getAbsent)
              .anyMatch(why -> why.startsWith("nvml_stuck: it did not answer"));
      if (stuck) {
        return i;
      }
    }
    return -1;
  }
}
