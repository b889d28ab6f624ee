package dev.salvor.common.telemetry.captured;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Spellings from the field, each as it was seen there.
final class FileReaderTest {
  private static final String HANDLE = "Unable to determine the device handle for ";

  private static final String TABLE =
      """
      +-----------------------------------------------------------------------------+
      | NVIDIA-SMI 470.256.02   Driver Version: 470.256.02   CUDA Version: 11.4     |
      |-------------------------------+----------------------+----------------------+
      |   0  GeForce RTX 309...  On   | 00000000:01:00.0 Off |                  N/A |
      | 30%   41C    P8    25W / 350W |      1MiB / 24268MiB |      0%      Default |
      +-------------------------------+----------------------+----------------------+
      |   1  GeForce RTX 309...  On   | 00000000:02:00.0 Off |                  N/A |
      |ROW|
      +-------------------------------+----------------------+----------------------+
      """;

  private static Capture read(String text) {
    return FileReader.read("x", text.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }

  private static double amount(Capture capture, String name) {
    return capture.readings().stream()
        .filter(Reading.Amount.class::isInstance)
        .map(Reading.Amount.class::cast)
        .filter(one -> one.name().equals(name))
        .mapToDouble(Reading.Amount::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to initialize NVML: Unknown Error",
        "Failed to initialize NVML: Insufficient Permissions",
        "Failed to initialize NVML: GPU access blocked by the operating system",
        "Failed to initialize NVML: Driver Not Loaded",
        "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.183",
        "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the"
            + " NVIDIA Display Driver is properly installed and present in your system.",
        "No devices were found",
        "root@C.4711:~# nvidia-smi\nNo devices found.",
        "bash: nvidia-smi: command not found",
        "sh: 1: nvidia-smi: not found",
        "zsh: command not found: nvidia-smi",
        "exec: \"nvidia-smi\": executable file not found in $PATH: unknown",
        "nvidia-container-cli: initialization error: nvml error: driver/library version mismatch",
        "docker: Error response from daemon: could not select device driver \"\" with capabilities:"
            + " [[gpu]].",
        HANDLE + "GPU 0000:0A:00.0: GPU is lost.  Reboot the system to recover this GPU",
        HANDLE + "gpu 0000:08:00.0: Unknown Error",
        HANDLE + "GPU0: 0000:01:00.0: GPU is lost.  Reboot the system to recover this GPU",
        HANDLE + "GPU 0000:01:00.0: Not Found",
        "index, name, temperature.gpu\n0, NVIDIA H100, [GPU requires reset]"
      })
  void no_card_can_be_used(String text) {
    Capture capture = read(text);
    assertThat(capture.verdict()).isEqualTo(Verdict.GPU_UNUSABLE);
    assertThat(capture.conclusion()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HANDLE + "GPU3: 0000:5F:00.0: Unknown Error",
        HANDLE + "GPU2: Unknown Error",
        HANDLE
            + "GPU0: 0000:24:00.0: GPU is lost.  Reboot the system to recover this GPU\n"
            + "1, NVIDIA GeForce RTX 5070 Ti, 300.00 W, 34.61 W, 616.92",
        "0, NVIDIA GeForce RTX 3090, 30, 1695, P2, 350.00\n"
            + HANDLE
            + "GPU0000:02:00.0: Unknown Error\n"
            + "[Unknown Error], [Unknown Error], [Unknown Error], [Unknown Error], [Unknown Error],"
            + " [Unknown Error]\n2, NVIDIA GeForce RTX 3090, 31, 1700, P2, 350.00"
      })
  void some_cards_can_be_used(String text) {
    assertThat(read(text).verdict()).isEqualTo(Verdict.GPU_PARTIAL);
  }

  @ParameterizedTest
  @CsvSource({
    "' 30%   41C    P8    25W / 350W |      1MiB / 24268MiB |      0%      Default ',PARSE_OK",
    "'ERR!   41C    P8    25W / 350W |      1MiB / 24268MiB |      0%      Default ',FIELD_ERROR",
    "'ERR!  ERR! ERR!    ERR! / ERR! |      1MiB / 24268MiB |     ERR!      Default ',FIELD_ERROR",
    "' 0%   41C    P8    N/A / N/A |      1MiB / 24268MiB |     N/A      Default ',PARSE_OK",
    "'ERR!  ERR! ERR!    ERR! / ERR! |  GPU is lost         |     ERR!      Default ',GPU_PARTIAL"
  })
  void a_table_is_read_row_by_row(String row, Verdict verdict) {
    Capture capture = read(TABLE.replace("ROW", row));
    assertThat(capture.verdict()).isEqualTo(verdict);
    assertThat(capture.kind()).isEqualTo(Kind.GPU_SMI_TEXT);
    assertThat(amount(capture, "gpu0 power limit")).isEqualTo(350);
    assertThat(amount(capture, "gpu0 memory total")).isEqualTo(24268.0 * 1024 * 1024);
  }

  @Test
  void a_card_that_cannot_be_opened_stands_before_the_table_of_the_others() {
    String row = " 30%   41C    P8    25W / 350W |      1MiB / 24268MiB |      0%      Default ";
    Capture capture =
        read(HANDLE + "GPU2: 0000:34:00.0: Unknown Error\n" + TABLE.replace("ROW", row));
    assertThat(capture.verdict()).isEqualTo(Verdict.GPU_PARTIAL);
    assertThat(capture.conclusion()).contains("0000:34:00.0");
  }

  @Test
  void the_newest_driver_calls_its_versions_otherwise() {
    Capture capture =
        read(
            """
            +-----------------------------------------------------------------------------------------+
            | NVIDIA-SMI 610.43.02              KMD Version: 610.43.02     CUDA UMD Version: 13.3     |
            |   0  NVIDIA GB10                    On  |   0000000F:01:00.0 Off |                  N/A |
            | N/A   38C    P8              4W /  N/A  | Not Supported          |      0%      Default |
            +-----------------------------------------+------------------------+----------------------+
            """);
    assertThat(capture.readings())
        .contains(
            new Reading.Text("gpu", "driver", "610.43.02"),
            new Reading.Text("gpu", "cuda of driver", "13.3"),
            new Reading.Text("gpu", "gpu0", "NVIDIA GB10"),
            new Reading.Absent("gpu", "gpu0 memory used", "Not Supported"));
    assertThat(amount(capture, "gpu0 power")).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'memory.used [MiB]\n[Not Supported]'|FIELD_NA",
        "'index, utilization.gpu [%], memory.used [MiB]\n0, [Unknown Error], 17 MiB'|FIELD_ERROR",
        "'index, name, fan.speed [%], memory.used [MiB]\n0, A100, [N/A], 17 MiB'|PARSE_OK",
        "'name, memory.used [MiB], power.draw [W]\nGT 710, 17 MiB, [N/A]'|PARSE_OK",
        "'utilization.gpu [%], mig.mode.current\n[N/A], Enabled'|PARSE_OK",
        "'name, power.draw [W], memory.used [MiB]\nTesla T4, 9.1 W'|PARSE_ERROR",
        "'0, [N/A]'|FIELD_NA",
        "'0, 17 MiB\n1, [GPU is lost]'|GPU_PARTIAL",
        "'0, GPU-1, [GPU requires reset], [GPU requires reset]'|GPU_UNUSABLE",
        "'0, 17 MiB, 24268 MiB'|PARSE_OK",
        "'0, ERR!, 24268 MiB'|FIELD_ERROR",
        "'index, remapped_rows.pending, remapped_rows.failure\n0, 0, 1'|PARSE_OK_FAULT",
        "'name, ecc.errors.uncorrected.volatile.total\nA100, 3'|PARSE_OK_FAULT",
        "'index, gpu_recovery_action\n0, Reset'|PARSE_OK_FAULT",
        "'pid, process_name, used_gpu_memory [MiB]\n12, python a,b.py, 17 MiB'|PARSE_OK"
      })
  void a_csv_is_told_by_its_header_or_its_cells(String text, Verdict verdict) {
    Capture capture = read(text);
    assertThat(capture.verdict()).isEqualTo(verdict);
    assertThat(capture.kind().id()).startsWith("gpu-smi");
    assertThat(read(text.replace("\n", "\r\n")).verdict()).isEqualTo(verdict);
  }

  @Test
  void a_windows_capture_is_text_too() {
    String text = "index, memory.used [MiB]\r\n0, 17 MiB\r\n";
    byte[] wide = ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
    assertThat(amount(FileReader.read("x", wide, Optional.empty()), "gpu0 memory used"))
        .isEqualTo(17.0 * 1024 * 1024);
    byte[] latin =
        "NVRM: Xid (PCI:0000:05:00): 79, \u00fcber".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(FileReader.read("x", latin, Optional.empty()).verdict())
        .isEqualTo(Verdict.GPU_UNUSABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<?xml version=\"1.0\" ?>\n<nvidia_smi_log><gpu id=\"1\"><fan_speed>30 %</fan_speed>",
        "<!DOCTYPE nvidia_smi_log [<!ENTITY a \"b\">]><nvidia_smi_log>&a;</nvidia_smi_log>",
        "<nvidia_smi_log></gpu></nvidia_smi_log>",
        "<nvidia_smi_log></nvidia_smi_log>",
        "<nvidia_smi_log",
        "==============NVSMI LOG==============\nAttached GPUs  : 8\nGPU 00000000:00:09.0\n",
        "| NVIDIA-SMI 470.256.02   Driver Version: 470.256.02   CUDA Version: 11.4     |\n|--",
        "some words that are none of these",
        "{\"a\": 1}",
        "1",
        ""
      })
  void what_is_cut_or_foreign_is_a_verdict(String text) {
    Capture capture = read(text);
    assertThat(capture.verdict()).isEqualTo(Verdict.PARSE_ERROR);
    assertThat(capture.conclusion()).isNotBlank();
    for (Kind kind : Kind.values()) {
      assertThat(FileReader.read("x", text.getBytes(StandardCharsets.UTF_8), Optional.of(kind)))
          .isNotNull();
    }
  }

  @Test
  void an_xml_tells_its_cards_faults_and_processes() {
    String xml =
        """
        <nvidia_smi_log><driver_version>550.54.15</driver_version><cuda_version>12.4</cuda_version>
        <gpu id="00000000:01:00.0"><product_name>NVIDIA A &amp; B</product_name>
        <fb_memory_usage><total>100 MiB</total><used>50 MiB</used></fb_memory_usage>
        <remapped_rows><remapped_row_pending>%s</remapped_row_pending></remapped_rows>
        <clocks_throttle_reasons>
        <clocks_throttle_reason_hw_thermal_slowdown>Active</clocks_throttle_reason_hw_thermal_slowdown>
        </clocks_throttle_reasons>
        <processes><process_info><pid>7</pid><used_memory>40 MiB</used_memory></process_info></processes>
        </gpu></nvidia_smi_log>
        """;
    Capture good = read(xml.formatted("No"));
    assertThat(good.verdict()).isEqualTo(Verdict.PARSE_OK);
    assertThat(good.conclusion()).contains("slowed by heat (hardware)");
    assertThat(amount(good, "gpu0 throttle")).isEqualTo(0x40);
    assertThat(amount(good, "gpu0 processes")).isEqualTo(1);
    assertThat(good.readings()).contains(new Reading.Text("gpu", "gpu0", "NVIDIA A & B"));
    assertThat(read(xml.formatted("Yes")).verdict()).isEqualTo(Verdict.PARSE_OK_FAULT);
    assertThat(
            read("WARNING: infoROM is corrupted at gpu 0000:01:00.0\n" + xml.formatted("No"))
                .verdict())
        .isEqualTo(Verdict.PARSE_OK_FAULT);
    assertThat(read(xml.formatted("GPU is lost")).verdict()).isEqualTo(Verdict.GPU_UNUSABLE);
    assertThat(read(xml.formatted("Unknown Error")).verdict()).isEqualTo(Verdict.FIELD_ERROR);
    // As -l writes them: the second was cut off, the first counts.
    assertThat(read(xml.formatted("No") + "<nvidia_smi_log><gpu>").verdict())
        .isEqualTo(Verdict.PARSE_OK);
  }

  @Test
  void a_link_that_is_down_on_a_soldered_card_is_a_fault() {
    String links =
        "GPU 0: %s (UUID: GPU-b45d9bdf)\n\t Link 0: 25.781 GB/s\n\t Link 1: <inactive>\n";
    assertThat(read(links.formatted("Tesla V100-SXM2-32GB")).verdict())
        .isEqualTo(Verdict.PARSE_OK_FAULT);
    assertThat(read(links.formatted("NVIDIA RTX A6000")).verdict()).isEqualTo(Verdict.PARSE_OK);
  }

  @Test
  void the_drivers_files_tell_its_version() {
    Capture open =
        read(
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.158.01  Release Build"
                + "  (dvs-builder@U22)  Mon Jun  2 13:13:04 UTC 2025\nGCC version:  gcc 12\n");
    assertThat(open.kind()).isEqualTo(Kind.GPU_PROC);
    assertThat(open.conclusion()).contains("570.158.01");
    Capture card =
        read(
            """
            Model:\t\t NVIDIA GeForce RTX 4090
            IRQ:\t\t 116
            GPU UUID:\t GPU-1
            Bus Location:\t 0000:01:00.0
            GPU Excluded:\t No
            """);
    assertThat(card.verdict()).isEqualTo(Verdict.PARSE_OK);
    assertThat(card.readings())
        .contains(new Reading.Text("gpu", "model", "NVIDIA GeForce RTX 4090"));
    assertThat(read("NVRM version: NVIDIA UNIX x86_64 Kernel Mod").verdict())
        .isEqualTo(Verdict.PARSE_ERROR);
  }

  @Test
  void the_same_line_a_million_times_is_read_in_bounded_time() {
    String flood = " on / (".repeat(8_000) + "\n";
    assertThat(read(flood.repeat(20)).verdict()).isEqualTo(Verdict.PARSE_ERROR);
    String spaces = "==============NVSMI LOG==============\na" + " ".repeat(60_000) + "b";
    assertThat(read(spaces).verdict()).isEqualTo(Verdict.PARSE_ERROR);
    String deep = "==============NVSMI LOG==============\n";
    StringBuilder levels = new StringBuilder(deep);
    for (int i = 0; i < 3_000; i++) {
      levels.repeat(' ', i).append("k : v\n");
    }
    assertThat(read(levels.toString()).verdict()).isEqualTo(Verdict.PARSE_ERROR);
    String commas = "index, memory.used [MiB], process_name\n0, 1 MiB" + ",x".repeat(30_000);
    assertThat(read(commas).verdict()).isEqualTo(Verdict.PARSE_ERROR);
  }
}
