package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretBookTest {
  private static final RunId RUN = new RunId("demo");

  @TempDir Path dir;

  @Test
  void secrets_come_back_after_a_restart_and_are_the_owners_alone() throws IOException {
    Map<String, Secret> secrets = Map.of("A", new Secret("x=y\n z"), "B", new Secret("ü"));
    new SecretBook(dir).keep(RUN, secrets);

    assertThat(new SecretBook(dir).of(RUN, List.of("A", "B"))).isEqualTo(secrets);
    Path file = dir.resolve("secrets/demo");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void secret_that_is_gone_is_said_by_name() {
    assertThatThrownBy(() -> new SecretBook(dir).of(RUN, List.of("TOKEN")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TOKEN")
        .hasMessageContaining("demo");
  }
}
