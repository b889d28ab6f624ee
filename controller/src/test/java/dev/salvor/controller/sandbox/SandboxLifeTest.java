package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sandbox as a process: killed, signalled, left alone.
final class SandboxLifeTest {
  private static final String TICKER =
      "echo boot >> /workspace/boots; while :; do date +%s%N > /workspace/tick; sleep 0.05; done";

  @TempDir private Path home;

  @BeforeEach
  void needs() {
    Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
  }

  /// Also where a test failed between two sandboxes: the next one adopts what runs, and wipes it.
  @AfterEach
  void wipe() throws Exception {
    if (Files.isDirectory(home.resolve("state"))) {
      SandboxRig.open(home).close();
    }
  }

  private static String read(SandboxRig rig, long id, String name) {
    try {
      return Files.readString(rig.disk(id).resolve("workspace").resolve(name));
    } catch (IOException e) {
      return "";
    }
  }

  private static void awaitTick(SandboxRig rig, long id) {
    String now = read(rig, id, "tick");
    SandboxRig.await("a tick of box " + id, () -> !read(rig, id, "tick").equals(now));
  }

  @Test
  void boxes_outlive_a_kill_die_with_a_signal_and_end_with_idleness() throws Exception {
    long id;
    String url;
    try (var killed = SandboxProcess.start(home, 0)) {
      id = killed.rig.rent(TICKER, "");
      killed.rig.awaitStatus(id, "running");
      awaitTick(killed.rig, id);
      url = killed.rig.url;
      killed.kill();
      awaitTick(killed.rig, id);
    }
    try (var signalled = SandboxProcess.start(home, 0)) {
      assertThat(signalled.rig.url).isEqualTo(url);
      assertAdopted(signalled.rig, id);
      signalled.process.destroy();
      assertThat(signalled.awaitEnd()).isTrue();
      assertThat(boxRuns(signalled.rig, id)).isFalse();
      assertThat(read(signalled.rig, id, "boots")).as("the disk stays").isNotEmpty();
    }
    try (var idle = SandboxProcess.start(home, 2)) {
      SandboxRig.await("a second boot", () -> read(idle.rig, id, "boots").lines().count() == 2);
      assertThat(idle.awaitEnd()).isTrue();
      assertThat(idle.process.exitValue()).isZero();
      assertThat(boxRuns(idle.rig, id)).isFalse();
    }
  }

  private static void assertAdopted(SandboxRig rig, long id) throws Exception {
    assertThat(rig.status(id)).isEqualTo("running");
    assertThat(rig.log()).anyMatch(line -> line.contains("\"adopted\""));
    assertThat(boxRuns(rig, id)).isTrue();
    awaitTick(rig, id);
    assertThat(read(rig, id, "boots").lines()).as("not started again").hasSize(1);
  }

  /// The command that holds a box together names the box's disk.
  private static boolean boxRuns(SandboxRig rig, long id) {
    String disk = rig.disk(id).toString();
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(disk));
  }

  @Test
  void the_endpoint_is_written_for_its_owner_only() throws Exception {
    try (var rig = SandboxRig.open(home)) {
      Path file = rig.state().resolve("endpoint.json");
      JsonNode endpoint = SandboxRig.JSON.readTree(file.toFile());
      assertThat(endpoint.path("url").asText()).isEqualTo(rig.url);
      assertThat(endpoint.path("api_key").asText()).isEqualTo(rig.key);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }
}
