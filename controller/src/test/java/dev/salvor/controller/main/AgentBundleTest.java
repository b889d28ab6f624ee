package dev.salvor.controller.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.controller.main.AgentBundle.Source;
import dev.salvor.controller.testing.Needs;
import dev.salvor.controller.tunnel.TunnelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent is packed when it is needed, and again only when it is newer.
class AgentBundleTest {
  private static final String HERE =
      System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";

  @TempDir Path dir;
  private Path installation;
  private Path jar;

  @BeforeEach
  void install() throws Exception {
    Needs.tool("tar");
    installation = Files.createDirectories(dir.resolve("in st"));
    jar = installation.resolve("agent/target/agent.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "the agent");
    Files.createDirectories(installation.resolve("images"));
    script(
        "echo once >>\"${0%/*}/count\"; [ -x \"$JAVA_HOME/bin/java\" ] && cp"
            + " \"${0%/*}\"/../agent/target/agent.jar \"$1\"");
  }

  private void script(String body) throws Exception {
    Files.writeString(installation.resolve("images/bundle.sh"), "set -eu\n" + body + "\n");
  }

  private AgentBundle own() {
    return new AgentBundle(dir, new Source.Installation(installation));
  }

  @Test
  void the_installations_agent_is_packed_with_its_java_once() throws Exception {
    Path archive = own().archive(HERE);
    assertThat(archive).hasContent("the agent");
    assertThat(own().archive(HERE)).isEqualTo(archive);
    assertThat(installation.resolve("images/count")).hasContent("once\n");
    Files.writeString(jar, "a newer agent");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(own().archive(HERE)).hasContent("a newer agent");
  }

  @Test
  void a_box_of_another_kind_and_a_packing_that_fails_are_told() throws Exception {
    assertThatThrownBy(() -> own().archive("riscv64"))
        .isInstanceOf(TunnelException.class)
        .hasMessageContaining("the box is riscv64");
    script("exit 3");
    assertThatThrownBy(() -> own().archive(HERE))
        .hasMessageContaining("failed, see " + dir.resolve("bundle.log"));
    Files.delete(jar);
    assertThatThrownBy(() -> own().archive(HERE)).hasMessageContaining("agent.jar is missing");
    assertThat(dir.resolve("agent-" + HERE + ".tgz")).doesNotExist();
  }

  @Test
  void a_folder_is_packed_as_it_is() throws Exception {
    Path folder = Files.createDirectories(dir.resolve("bundle"));
    Files.writeString(folder.resolve("agent.jar"), "jar");
    Files.writeString(folder.resolve("agent.sh"), "sh");
    Path archive = new AgentBundle(dir, new Source.Folder(folder)).archive("any");
    Process list = new ProcessBuilder("tar", "-tzf", archive.toString()).start();
    assertThat(new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .contains("./agent.jar", "./agent.sh");
    assertThat(list.waitFor()).isZero();
  }
}
