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

final class ReceiptVerbTest {
  @TempDir Path temp;
  private Path receipt = Path.of("unset");
  private Path key = Path.of("unset");

  @BeforeEach
  void write_files() throws IOException {
    receipt = Files.writeString(temp.resolve("receipt.json"), "{}");
    key = Files.writeString(temp.resolve("key.pem"), "a key");
  }

  private Terminal terminal(Wiring.ReceiptCall receipts) {
    return new Terminal(
        temp,
        false,
        Map.of(),
        new Wiring(
            options -> 69,
            options -> 69,
            dir -> new FakeBridge(),
            Terminal.NO_MARKET,
            (options, told) -> List.of(),
            (place, run, step, to) -> Optional.empty(),
            receipts,
            Terminal.NO_SPECS));
  }

  @Test
  void a_receipt_that_holds_is_a_success() throws IOException {
    Terminal terminal =
        terminal((file, by) -> new Wiring.Checked.Valid(file + " by " + by, 300, 2));
    assertThat(
            terminal.type(
                "receipt", "verify", temp.toString(), "--key", key.toString(), "--output", "json"))
        .isZero();
    JsonNode one = new ObjectMapper().readTree(terminal.out()).get(0);
    assertThat(one.fieldNames())
        .toIterable()
        .containsExactly("file", "valid", "unit", "step", "files", "reason");
    assertThat(one.path("unit").asText()).isEqualTo(receipt + " by " + key);
  }

  @Test
  void one_that_does_not_is_refused_with_its_reason() {
    Terminal terminal = terminal((file, by) -> new Wiring.Checked.Refused("Not the bytes: a"));
    assertThat(terminal.type("receipt", "verify", receipt.toString(), "--key", key.toString()))
        .isEqualTo(Exit.REFUSED.code());
    assertThat(terminal.out()).contains("REFUSED. Not the bytes: a");
  }

  @Test
  void a_key_or_a_receipt_that_is_not_there_is_a_mistake_of_the_command_line() {
    Terminal terminal = terminal(Terminal.NO_RECEIPTS);
    assertThat(terminal.type("receipt", "verify", receipt.toString(), "--key", temp + "/none"))
        .isEqualTo(Exit.USAGE.code());
    assertThat(terminal.err()).contains("--key");
    assertThat(terminal.type("receipt", "verify", temp + "/none", "--key", key.toString()))
        .isEqualTo(Exit.USAGE.code());
    assertThat(terminal.type("receipt")).isEqualTo(Exit.USAGE.code());
  }
}
