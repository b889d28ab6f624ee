package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.probe.gpu.FakeDriver;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A driver that hangs holds up nothing but the look at itself.
final class StuckDriverTest {
  /// In which the driver answers nothing, for eight cards one after the other.
  private static final int HANGS_S = 5;

  @TempDir Path dir;

  @Test
  void beats_go_on_while_the_driver_hangs_and_it_is_told_as_stuck() throws Exception {
    Path slow = Files.createFile(dir.resolve("slow"));
    FakeDriver.make(dir, "fakenvml.c", "libnvidia-ml.so.1", "-DSLOW_FILE=\"" + slow + "\"");
    AgentRig rig = new AgentRig(dir, Map.of("LD_LIBRARY_PATH", dir.toString()));
    try {
      Await.until("it is told as stuck", Duration.ofSeconds(40), () -> stuckAt(rig) >= 0);
      List<AgentFrame> before = rig.controller().frames().subList(0, stuckAt(rig));
      Await.until(
          "beats after it",
          Duration.ofSeconds(10),
          () -> beats(rig.controller().frames()) >= beats(before) + 3);

      // One each 0.4 s, as the controller asks: in the 2 s of waiting for the driver as before.
      assertThat(beats(before)).isGreaterThanOrEqualTo(3);
      List<Long> at =
          rig.controller().frames().stream()
              .filter(AgentFrame::hasBeat)
              .map(AgentFrame::getAtMs)
              .toList();
      for (int i = 1; i < at.size(); i++) {
        assertThat(at.get(i) - at.get(i - 1)).isLessThan(HANGS_S * 1000L);
      }
    } finally {
      rig.close();
    }
  }

  private static long beats(List<AgentFrame> frames) {
    return frames.stream().filter(AgentFrame::hasBeat).count();
  }

  private static int stuckAt(AgentRig rig) {
    List<AgentFrame> frames = rig.controller().frames();
    for (int i = 0; i < frames.size(); i++) {
      boolean stuck =
          frames.get(i).getReadings().getReadingsList().stream()
              .map(Reading::getAbsent)
              .anyMatch(why -> why.startsWith("nvml_stuck"));
      if (stuck) {
        return i;
      }
    }
    return -1;
  }
}
