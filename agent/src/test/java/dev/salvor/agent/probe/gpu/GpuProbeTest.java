package dev.salvor.agent.probe.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.gpu.Xid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a driver library of our own, with nvml.h's names and layouts.
final class GpuProbeTest {
  private static final GpuProbe.Fallback NONE =
      () -> {
        throw new IOException("no nvidia-smi");
      };

  @TempDir Path dir;

  @Test
  void machine_of_eight_says_everything_and_what_a_card_does_not_know_is_absent() throws Exception {
    List<Reading> readings = probe().read();

    assertThat(readings)
        .contains(
            text("driver", "550.54.15"),
            text("cuda of driver", "12.4"),
            amount("count", 8, "GPUs"),
            text("gpu0", "Fake H100"),
            text("gpu2 uuid", "GPU-2000"),
            text("gpu0 pci", "00000000:01:00.0"),
            amount("gpu0 compute capability", 8.9, ""),
            amount("gpu0 use", 97, "%"),
            amount("gpu0 memory use", 40, "%"),
            amount("gpu0 memory total", 80000, "bytes"),
            amount("gpu0 memory used", 19500, "bytes"),
            amount("gpu0 temperature", 61, "C"),
            amount("gpu0 power", 312.5, "W"),
            amount("gpu0 power limit", 450, "W"),
            amount("gpu0 clock", 2520, "MHz"),
            amount("gpu0 clock max", 3105, "MHz"),
            amount("gpu0 throttle", 4, "bits"),
            text("gpu3 slowed by", "heat (hardware)"))
        .contains(
            amount("gpu0 ecc uncorrected ever", 7, "errors"),
            amount("gpu0 ecc uncorrected", 0, "errors"),
            amount("gpu0 remapped rows pending", 1, "flag"),
            amount("gpu0 retired pages double bit", 2, "pages"),
            amount("gpu0 pcie width", 8, "lanes"),
            amount("gpu0 pcie width max", 16, "lanes"),
            amount("gpu0 nvlinks up", 3, "links"),
            amount("gpu0 recovery action", 1, "code"),
            amount("gpu0 processes", 2, "processes"),
            absent("gpu0 memory of processes", "the driver does not say it of 1 of them"),
            amount("gpu0 nvlinks down", 1, "links"),
            amount("gpu2 xid", 79, ""),
            amount("gpu2 xid times", 1, "reports"),
            absent(
                "gpu1 power limit",
                "nvmlDeviceGetEnforcedPowerLimit: this card does not say (3, not supported)"))
        .noneMatch(r -> r.name().equals("gpu0 slowed by") || r.name().equals("gpu0 xid"));
  }

  @Test
  void card_that_fell_off_the_bus_is_absent_and_the_others_go_on() throws Exception {
    List<Reading> readings = probe("-DCOUNT=3", "-DLOST=1").read();

    assertThat(readings)
        .contains(
            amount("count", 3, "GPUs"),
            amount("gpu0 use", 97, "%"),
            absent(
                "gpu1",
                "nvmlDeviceGetHandleByIndex_v2: the GPU has fallen off the bus (15, GPU is lost)"),
            amount("gpu2 use", 97, "%"))
        .noneMatch(r -> r.name().startsWith("gpu1 "));
  }

  @Test
  void library_that_lacks_functions_tells_the_rest() throws Exception {
    GpuProbe probe = probe("-DCOUNT=1", "-DOLD", "-DDRIVER=\"440.33\"");
    assertThat(probe.read()).isNotEmpty();

    assertThat(probe.read())
        .contains(
            text("driver", "440.33"),
            amount("gpu0 memory used", 20000, "bytes"),
            amount("gpu0 throttle", 1, "bits"),
            absent("xid", "nvmlEventSetCreate: this driver's library has no such function"),
            absent("gpu0 mig", "nvmlDeviceGetMigMode: this driver's library has no such function"))
        .anyMatch(r -> r instanceof Reading.Absent && r.name().equals("gpu0 processes"))
        .anyMatch(r -> r instanceof Reading.Absent && r.name().equals("gpu0 recovery action"));
  }

  @Test
  void records_of_another_version_are_read_by_an_older_one() throws Exception {
    assertThat(probe("-DCOUNT=1", "-DANOTHER_MEMORY").read())
        .contains(amount("gpu0 memory used", 20000, "bytes"));
  }

  @Test
  void first_drivers_of_branch_535_are_asked_by_the_older_list_of_processes() throws Exception {
    assertThat(probe("-DCOUNT=1", "-DLONG_PROCESSES", "-DDRIVER=\"535.54.03\"").read())
        .contains(amount("gpu0 processes", 2, "processes"));
    assertThat(probe("-DCOUNT=1", "-DLONG_PROCESSES", "-DDRIVER=\"545.23\"").read())
        .as("a layout that nobody knew of")
        .anyMatch(r ->
            r instanceof Reading.Absent absent
                && absent.name().equals("gpu0 processes")
                && absent.why().contains("another layout"));
  }

  @Test
  void driver_that_does_not_start_is_told_in_words_and_another_way_is_tried() throws Exception {
    assertThatThrownBy(probe("-DINIT=18")::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "nvmlInit_v2: library and driver are of different versions (18); no nvidia-smi");

    Reading other = text("driver", "by other means");
    Path library = FakeDriver.make(dir, "fakenvml.c", "failing.so", "-DINIT=9");
    assertThat(new GpuProbe(library.toString(), () -> List.of(other)).read())
        .containsExactly(other);
  }

  @Test
  void box_without_a_driver_is_asked_seldom() {
    GpuProbe probe = new GpuProbe(dir.resolve("none.so").toString(), NONE);
    assertThat(probe.period()).hasSeconds(10);

    assertThatThrownBy(probe::read)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("on this box")
        .hasMessageContaining("no nvidia-smi");
    assertThat(probe.period()).hasMinutes(5);
  }

  /// Cleaning up after its fall, the driver reports more, of no weight.
  @Test
  void gravest_report_of_a_card_stays_and_each_is_counted() throws Exception {
    GpuProbe probe = probe("-DCOUNT=3", "-DXIDS=\"79,45,31,31\"");

    assertThat(probe.read())
        .contains(
            amount("gpu2 xid", 79, ""),
            amount("gpu2 xid times", 1, "reports"),
            amount("gpu2 xids", 4, "reports"),
            text("gpu2 xid means", Xid.Meaning.DEAD.advice()));
  }

  @Test
  void program_whose_document_nobody_can_read_is_asked_for_its_table() throws Exception {
    Path smi = dir.resolve("nvidia-smi");
    Files.writeString(
        smi,
        """
        #!/bin/bash
        if [ "$1" = -q ]; then
          echo '<nvidia_smi_report version="99"> { "gpus": 1 }'
          exit 0
        fi
        echo 'index, name, uuid, pci.bus_id, driver_version, utilization.gpu [%], memory.total [MiB], memory.used [MiB]'
        echo '0, NVIDIA A100-SXM4-80GB, GPU-11111111-2222-3333-4444-555555555555, 00000000:07:00.0, 550.54.15, 97 %, 81920 MiB, 1024 MiB'
        """);
    Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));
    Smi asked = new Smi(dir + ":/usr/bin:/bin");

    assertThat(asked.read())
        .contains(
            text("driver", "550.54.15"),
            text("gpu0", "NVIDIA A100-SXM4-80GB"),
            amount("gpu0 use", 97, "%"),
            amount("gpu0 memory used", 1024.0 * (1 << 20), "bytes"));
    Files.writeString(smi, "#!/bin/bash\necho nothing that anybody knows; exit 3\n");
    assertThatThrownBy(asked::read)
        .isInstanceOf(IOException.class)
        .hasMessage("nvidia-smi ended with 3: nothing that anybody knows");
  }

  private int made;

  private GpuProbe probe(String... flags) throws Exception {
    Path library = FakeDriver.make(dir, "fakenvml.c", "nvml" + made++ + ".so", flags);
    return new GpuProbe(library.toString(), NONE);
  }

  private static Reading text(String name, String value) {
    return new Reading.Text("gpu", name, value);
  }

  private static Reading amount(String name, double value, String unit) {
    return new Reading.Amount("gpu", name, value, unit);
  }

  private static Reading absent(String name, String why) {
    return new Reading.Absent("gpu", name, why);
  }
}
