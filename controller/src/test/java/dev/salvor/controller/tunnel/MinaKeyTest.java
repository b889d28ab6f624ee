package dev.salvor.controller.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys that this process writes and reads are those of ssh.
class MinaKeyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void a_key_made_without_ssh_keygen_is_one_that_ssh_reads(@TempDir Path dir) throws Exception {
    Needs.tool("ssh-keygen");
    Path identity = dir.resolve("id_ed25519");
    MinaKey.make(identity);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(identity)))
        .isEqualTo("rw-------");
    Ssh.Said said =
        Talk.run(
            List.of("ssh-keygen", "-y", "-f", identity.toString()),
            InputStream.nullInputStream(),
            PATIENCE);
    assertThat(said.status()).as(said.err()).isZero();
    assertThat(UserKey.named(identity).publicKey())
        .startsWith("ecdsa-sha2-nistp256 ")
        .isEqualTo(said.out().strip().split(" salvor", 2)[0] + " salvor");
    assertThat(MinaKey.read(List.of(dir.resolve("none"), identity))).hasSize(1);
  }

  @Test
  void a_key_of_ssh_keygen_is_read_and_one_with_a_passphrase_is_left(@TempDir Path dir)
      throws Exception {
    Needs.tool("ssh-keygen");
    for (String phrase : List.of("", "secret")) {
      Path file = dir.resolve("k" + phrase);
      List<String> make =
          List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", file.toString());
      assertThat(Talk.run(make, InputStream.nullInputStream(), PATIENCE).status()).isZero();
    }
    assertThat(MinaKey.read(List.of(dir.resolve("k")))).hasSize(1);
    assertThat(MinaKey.read(List.of(dir.resolve("ksecret")))).isEmpty();
  }
}
