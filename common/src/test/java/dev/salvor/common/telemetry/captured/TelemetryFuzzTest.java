package dev.salvor.common.telemetry.captured;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/// Every reader of telemetry on any bytes: a verdict in bounded time, and nothing else. The normal
/// build runs the seeds; `JAZZER_FUZZ=1` fuzzes one method (docs/HACKING.md).
final class TelemetryFuzzTest {
  private static final String MINUTES = "1m";

  private static void judge(String name, byte[] bytes, Kind kind) {
    Capture capture = FileReader.read(name, bytes, Optional.of(kind));
    if (capture.conclusion().isBlank()) {
      throw new IllegalStateException("A verdict without a word: " + capture);
    }
  }

  @FuzzTest(maxDuration = MINUTES)
  void xml(byte[] bytes) {
    judge("x", bytes, Kind.GPU_SMI_XML);
  }

  @FuzzTest(maxDuration = MINUTES)
  void csv(byte[] bytes) {
    judge("x", bytes, Kind.GPU_SMI_CSV);
  }

  @FuzzTest(maxDuration = MINUTES)
  void text(byte[] bytes) {
    judge("x", bytes, Kind.GPU_SMI_TEXT);
  }

  @FuzzTest(maxDuration = MINUTES)
  void log(byte[] bytes) {
    judge("x", bytes, Kind.GPU_DMESG_XID);
  }

  @FuzzTest(maxDuration = MINUTES)
  void proc(byte[] bytes) {
    judge("x", bytes, Kind.GPU_PROC);
  }

  @FuzzTest(maxDuration = MINUTES)
  void cgroup(byte[] bytes) {
    judge("memory.events", bytes, Kind.HOST_CGROUP);
    judge("cpu.max", bytes, Kind.HOST_CGROUP);
    judge("memory.max", bytes, Kind.HOST_CGROUP);
  }

  @FuzzTest(maxDuration = MINUTES)
  void mounts(byte[] bytes) {
    judge("x", bytes, Kind.HOST_MOUNTS);
  }

  @FuzzTest(maxDuration = MINUTES)
  void anything(byte[] bytes) {
    FileReader.read("x", bytes, Optional.empty());
  }
}
