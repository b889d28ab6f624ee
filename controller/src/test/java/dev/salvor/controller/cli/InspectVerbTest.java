package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.desk.FakeBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InspectVerbTest {
  private static final String MISMATCH =
      "Failed to initialize NVML: Driver/library version mismatch\n";

  @TempDir Path temp;
  private Terminal terminal = new Terminal(Path.of("unset"), false, Map.of(), wiring());
  private Path good = Path.of("unset");
  private Path bad = Path.of("unset");

  private static Wiring wiring() {
    return new Wiring(
        options -> 69,
        options -> 69,
        dir -> new FakeBridge(),
        Terminal.NO_MARKET,
        (options, told) -> List.of(),
        (place, run, step, to) -> Optional.empty(),
        Terminal.NO_RECEIPTS,
        Terminal.NO_SPECS);
  }

  @BeforeEach
  void write_captures() throws IOException {
    terminal = new Terminal(temp, false, Map.of(), wiring());
    good = Files.writeString(temp.resolve("a"), "index, memory.used [MiB]\n0, 17 MiB\n");
    bad = Files.writeString(temp.resolve("b"), MISMATCH);
  }

  @Test
  void captures_are_told_by_content_as_one_document() throws IOException {
    assertThat(terminal.type("inspect", good.toString(), bad.toString(), "--output", "json"))
        .isEqualTo(3);
    JsonNode rows = new ObjectMapper().readTree(terminal.out());
    assertThat(rows.get(0).fieldNames())
        .toIterable()
        .containsExactly("path", "kind", "verdict", "conclusion", "readings");
    assertThat(rows.get(0).get("verdict").asText()).isEqualTo("PARSE_OK");
    assertThat(rows.get(0).get("kind").asText()).isEqualTo("gpu-smi-csv");
    assertThat(rows.get(0).get("readings").toString())
        .contains("{\"probe\":\"gpu\",\"name\":\"gpu0 memory used\",\"value\":1.7825792E7");
    assertThat(rows.get(1).get("verdict").asText()).isEqualTo("GPU_UNUSABLE");
    assertThat(rows.get(1).get("conclusion").asText()).contains("restart");
  }

  @Test
  void a_good_capture_is_a_success_and_a_person_reads_its_numbers() {
    assertThat(terminal.type("inspect", good.toString())).isZero();
    assertThat(terminal.out()).contains("PARSE_OK").contains("gpu0 memory used  17.0 MiB");
  }

  @Test
  void a_kind_that_is_none_is_misuse_and_the_kinds_are_named() {
    assertThat(terminal.type("inspect", good.toString(), "--as", "tea")).isEqualTo(2);
    assertThat(terminal.err()).contains("gpu-smi-xml").contains("host-mounts");
  }

  @Test
  void a_path_that_is_not_there_is_misuse() {
    assertThat(terminal.type("inspect", temp.resolve("no").toString())).isEqualTo(2);
  }

  @Test
  void garbage_is_a_verdict() throws IOException {
    Path noise = Files.write(temp.resolve("noise"), new byte[] {0, 1, 2, 3, (byte) 0xff, 7});
    assertThat(terminal.type("inspect", noise.toString())).isEqualTo(3);
    assertThat(terminal.out()).contains("PARSE_ERROR").contains("binary");
    assertThat(terminal.type("inspect", good.toString(), "--as", "host-cgroup")).isEqualTo(3);
  }
}
