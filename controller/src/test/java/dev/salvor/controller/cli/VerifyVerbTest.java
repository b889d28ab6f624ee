package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.controller.desk.FakeBridge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyVerbTest {
  private static final String HEADER =
      "{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}";

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
  void write_checkpoints() throws IOException {
    terminal = new Terminal(temp, false, Map.of(), wiring());
    String whole = (char) HEADER.length() + "\0".repeat(7) + HEADER + "abcd";
    byte[] bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
    good = Files.createDirectories(temp.resolve("checkpoint-300"));
    Files.write(good.resolve("model.safetensors"), bytes);
    bad = Files.write(temp.resolve("cut.safetensors"), java.util.Arrays.copyOf(bytes, 63));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(terminal.out());
  }

  @Test
  void accepted_checkpoints_are_a_success() throws IOException {
    assertThat(terminal.type("verify", good.toString(), "--output", "json")).isZero();
    JsonNode one = json().get(0);
    assertThat(one.fieldNames())
        .toIterable()
        .containsExactly(
            "path", "verdict", "format", "step", "tensors", "bytes", "imports", "reasons");
    assertThat(one.path("path").asText()).isEqualTo(good.toString());
    assertThat(one.path("verdict").asText()).isEqualTo("ACCEPT");
    assertThat(one.path("format").asText()).isEqualTo("safetensors");
    assertThat(one.path("step").asLong()).isEqualTo(300);
    assertThat(one.path("tensors").asLong()).isEqualTo(1);
    assertThat(one.path("bytes").asLong()).isEqualTo(HEADER.length() + 12);
    assertThat(one.path("imports").isArray()).isTrue();
    assertThat(one.path("reasons").isArray()).isTrue();
  }

  @Test
  void one_that_is_refused_is_told_with_its_reason_and_status_3() throws IOException {
    assertThat(terminal.type("verify", "--output", "json", good.toString(), bad.toString()))
        .isEqualTo(3);
    assertThat(json().size()).isEqualTo(2);
    assertThat(json().get(1).path("verdict").asText()).isEqualTo("REJECT_CORRUPT");
    assertThat(json().get(1).path("step").asLong()).isEqualTo(-1);
    assertThat(json().get(1).path("reasons").get(0).asText()).contains("MetadataIncompleteBuffer");
  }

  @Test
  void people_get_lines() {
    assertThat(terminal.type("verify", good.toString(), bad.toString())).isEqualTo(3);
    assertThat(terminal.out())
        .contains("ACCEPT  " + good + "  (safetensors, step 300, 1 tensors, 65 bytes)\n")
        .contains("REJECT_CORRUPT  " + bad + "  (safetensors, 0 tensors, 63 bytes)\n  Metadata");
  }

  @Test
  void what_is_not_there_is_bad_usage() {
    assertThat(terminal.type("verify", temp.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(terminal.err()).contains("there is no such file");
    assertThat(terminal.type("verify")).isEqualTo(2);
    assertThat(terminal.type("verify", good.toString(), "--output", "xml")).isEqualTo(2);
  }

  @Test
  void what_no_reader_knows_is_no_checkpoint() throws IOException {
    Path notes = Files.writeString(temp.resolve("notes.txt"), "hello");
    assertThat(terminal.type("verify", notes.toString())).isEqualTo(3);
    assertThat(terminal.out()).startsWith("NOT_A_CHECKPOINT");
  }
}
