package dev.salvor.agent.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.agent.probe.gpu.FakeDriver;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.Gate;
import dev.salvor.proto.v1.GateRefused;
import dev.salvor.proto.v1.Job;
import dev.salvor.proto.v1.Order;
import dev.salvor.proto.v1.Proceed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agents in processes of their own, over a driver library of our own: what they refuse by name.
final class FakeCardsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path dir;

  @Test
  void box_with_another_model_than_was_rented_is_refused_by_name() throws Exception {
    FakeDriver.make(
        dir, "fakenvml.c", "libnvidia-ml.so.1", "-DCOUNT=2", "-DRECOVERY=0", "-DXIDS=\"\"");
    AgentRig rig = new AgentRig(dir, Map.of("LD_LIBRARY_PATH", dir.toString()));
    try {
      rig.controller().orderAtHello(proceed("p1", Gate.newBuilder().setGpus(2).setGpu("RTX 4090")));

      GateRefused refused = refused(rig);
      assertThat(refused.getCheck()).isEqualTo("gpu-model");
      assertThat(refused.getEvidence()).isEqualTo("RTX 4090 was rented, and gpu0 is Fake H100");
      assertThat(refused.getFilter()).isEqualTo("verified=true");
    } finally {
      rig.close();
    }
  }

  /// The driver says it once, to one agent; the next one must not start a job on that card.
  @Test
  void fall_off_the_bus_that_an_earlier_agent_saw_refuses_the_start() throws Exception {
    Path once = Files.createFile(dir.resolve("once"));
    FakeDriver.make(
        dir,
        "fakenvml.c",
        "libnvidia-ml.so.1",
        "-DCOUNT=3",
        "-DRECOVERY=0",
        "-DXID_FILE=\"" + once + "\"");
    AgentRig rig = new AgentRig(dir, Map.of("LD_LIBRARY_PATH", dir.toString()));
    try {
      Await.until("it is told", PATIENCE, () -> rig.controller().first(this::tells).isPresent());
      assertThat(once).as("nobody is told again").doesNotExist();
      rig.controller().orderAtHello(proceed("p1", Gate.newBuilder().setGpus(3)));
      rig.killAgent();

      assertThat(refused(rig).getEvidence())
          .startsWith("GPU 2 reported Xid 79 (GPU has fallen off the bus) on this boot");
    } finally {
      rig.close();
    }
  }

  private boolean tells(AgentFrame frame) {
    return frame.getReadings().getReadingsList().stream()
        .anyMatch(reading -> reading.getName().equals("gpu2 xid") && reading.getNumber() == 79);
  }

  private static GateRefused refused(AgentRig rig) {
    Await.until("it is refused", PATIENCE, () -> answer(rig).isPresent());
    return answer(rig).orElseThrow();
  }

  private static Optional<GateRefused> answer(AgentRig rig) {
    return rig.controller().events().stream()
        .filter(AgentFrame::hasGateRefused)
        .map(AgentFrame::getGateRefused)
        .findFirst();
  }

  private Order proceed(String id, Gate.Builder gate) {
    return Order.newBuilder()
        .setId(id)
        .setProceed(
            Proceed.newBuilder()
                .setJob(
                    Job.newBuilder()
                        .setCommand("sleep 1000")
                        .setWorkdir(dir.resolve("work").toString())
                        .setGate(gate)))
        .build();
  }
}
