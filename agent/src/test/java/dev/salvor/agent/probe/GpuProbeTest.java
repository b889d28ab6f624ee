package dev.salvor.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a driver library of our own, compiled here, with nvml.h's names and layouts.
final class GpuProbeTest {
  /// Card 0 says everything; card 1 is a consumer card that does not know its power limit; the last
  /// one has fallen off the bus.
  private static final String DRIVER =
      """
      #include <string.h>
      typedef struct { unsigned gpu, memory; } rates;
      int nvmlInit_v2(void) { return INIT; }
      int nvmlShutdown(void) { return 0; }
      int nvmlSystemGetDriverVersion(char *to, unsigned n) { strncpy(to, "550.54.15", n); return 0; }
      int nvmlSystemGetCudaDriverVersion_v2(int *to) { *to = 12040; return 0; }
      int nvmlDeviceGetCount_v2(unsigned *to) { *to = 3; return 0; }
      int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **to) {
        if (i == 2) return 15;
        *to = (void *) (long) (i + 1);
        return 0;
      }
      int nvmlDeviceGetName(void *d, char *to, unsigned n) { strncpy(to, "Fake RTX", n); return 0; }
      int nvmlDeviceGetUtilizationRates(void *d, rates *to) { to->gpu = 97; to->memory = 40; return 0; }
      int nvmlDeviceGetPowerUsage(void *d, unsigned *to) { *to = 312500; return 0; }
      int nvmlDeviceGetEnforcedPowerLimit(void *d, unsigned *to) {
        if (d == (void *) 2) return 3;
        *to = 450000;
        return 0;
      }
      int nvmlDeviceGetClockInfo(void *d, int what, unsigned *to) { *to = what == 1 ? 2520 : 0; return 0; }
      int nvmlDeviceGetMaxClockInfo(void *d, int what, unsigned *to) { *to = what == 1 ? 3105 : 0; return 0; }
      """;

  @TempDir Path dir;

  @Test
  void each_card_says_what_it_does_and_what_it_does_not_know_is_absent() throws Exception {
    List<Reading> readings = new GpuProbe(driver(0)).read();

    assertThat(readings)
        .contains(
            new Reading.Text("gpu", "driver", "550.54.15"),
            new Reading.Text("gpu", "cuda of driver", "12.4"),
            new Reading.Amount("gpu", "count", 3, "GPUs"),
            new Reading.Text("gpu", "gpu0", "Fake RTX"),
            new Reading.Amount("gpu", "gpu0 use", 97, "%"),
            new Reading.Amount("gpu", "gpu0 power", 312.5, "W"),
            new Reading.Amount("gpu", "gpu0 power limit", 450, "W"),
            new Reading.Amount("gpu", "gpu0 clock", 2520, "MHz"),
            new Reading.Amount("gpu", "gpu0 clock max", 3105, "MHz"),
            new Reading.Amount("gpu", "gpu1 power", 312.5, "W"),
            new Reading.Absent(
                "gpu",
                "gpu1 power limit",
                "nvmlDeviceGetEnforcedPowerLimit answered 3 (nvml.h, nvmlReturn_t)"),
            new Reading.Absent(
                "gpu", "gpu2", "nvmlDeviceGetHandleByIndex_v2 answered 15 (nvml.h, nvmlReturn_t)"));
  }

  @Test
  void driver_that_does_not_start_is_told_by_its_own_number() throws Exception {
    GpuProbe probe = new GpuProbe(driver(18));

    assertThatThrownBy(probe::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nvmlInit_v2 answered 18");
  }

  @Test
  void box_without_a_driver_says_so() {
    assertThatThrownBy(() -> new GpuProbe(dir.resolve("none.so").toString()).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("on this box");
  }

  /// @param init what nvmlInit answers
  private String driver(int init) throws Exception {
    boolean possible = Files.isExecutable(Path.of("/usr/bin/gcc"));
    if (!possible && "all".equals(System.getenv("SALVOR_REQUIRE"))) {
      throw new AssertionError("SALVOR_REQUIRE=all, and no gcc to make a driver library with");
    }
    assumeTrue(possible, "no gcc: the driver library cannot be made");
    Path source = Files.writeString(dir.resolve("driver.c"), DRIVER);
    Path library = dir.resolve("libnvidia-ml.so.1");
    List<String> gcc =
        List.of("gcc", "-shared", "-fPIC", "-DINIT=" + init, "-o", library.toString());
    List<String> command = new ArrayList<>(gcc);
    command.add(source.toString());
    Process made = new ProcessBuilder(command).inheritIO().start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).isZero();
    return library.toString();
  }
}
