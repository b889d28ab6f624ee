package dev.salvor.controller.onstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start script on a fake box: one agent, always there, counted boots, clear words.
final class OnstartTest {
  @TempDir Path root;
  private FakeBox box;

  @BeforeEach
  void unpack_a_box() throws IOException {
    Needs.tool("flock");
    Needs.tool("setsid");
    Needs.that(!Files.exists(Path.of("/opt/salvor/agent.jar")), "this machine has /opt/salvor");
    box = new FakeBox(root);
    box.env.put("SALVOR_BUNDLE", root.resolve("bundle").toString());
  }

  @AfterEach
  void clear_up() throws IOException {
    box.close();
  }

  @Test
  void second_run_starts_no_second_agent() throws Exception {
    Path bundle = box.bundle(25);
    assertThat(box.boot()).isZero();
    var first = box.awaitStarts(1).getFirst();
    assertThat(box.boot()).isZero();
    assertThat(box.platformLog())
        .contains("boot 1 of run r1, generation 2", "the agent is running already");
    assertThat(box.starts()).containsExactly(first);
    assertThat(box.home.resolve("boot")).hasContent("1");
    assertThat(first.arguments())
        .contains("-Xmx48m", "-XX:+UseSerialGC")
        .endsWith("-jar %s/agent.jar watch --home %s".formatted(bundle, box.home));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(box.home)))
        .isEqualTo("rwx------");
    box.awaitLog("agent speaking");
    box.await(() -> platformHears("agent speaking"), "the platform's log");
  }

  private boolean platformHears(String text) {
    try {
      return box.platformLog().contains(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void killed_agent_comes_back_in_the_same_boot() throws Exception {
    box.bundle(25);
    box.boot();
    box.awaitStarts(1).getFirst().agent().orElseThrow().destroyForcibly();
    var second = box.awaitStarts(2).get(1);
    assertThat(second.boot()).isEqualTo(1);
    assertThat(second.parent()).isEqualTo(box.starts().getFirst().parent());
    box.awaitLog("the agent exited with 137; again in 1 s");
  }

  @Test
  void each_boot_is_counted() throws Exception {
    box.bundle(25);
    for (int boot = 1; boot <= 3; boot++) {
      assertThat(box.boot()).isZero();
      assertThat(box.awaitStarts(boot).getLast().boot()).isEqualTo(boot);
      box.killAll();
    }
    assertThat(box.home.resolve("boot")).hasContent("3");
  }

  @Test
  void agent_that_is_told_to_stay_away_stays_away() throws Exception {
    box.bundle(25);
    box.plan("exit 78");
    assertThat(box.boot()).isZero();
    box.awaitLog("the agent has ended (78)");
    var only = box.awaitStarts(1).getFirst();
    box.await(() -> only.supervisor().isEmpty(), "the end of the supervisor");
    assertThat(box.starts()).hasSize(1);
  }

  @Test
  void without_a_bundle_it_says_where_it_looked() throws Exception {
    assertThat(box.boot()).isEqualTo(66);
    assertThat(box.platformLog())
        .contains("no agent.jar in SALVOR_BUNDLE, /opt/salvor or " + box.home + "/bundle");
    box.env.put("SALVOR_BUNDLE_URL", "file:///nowhere.tgz");
    assertThat(box.boot()).isEqualTo(66);
    assertThat(box.platformLog())
        .contains("SALVOR_BUNDLE_URL without SALVOR_BUNDLE_SHA256: refused");
    assertThat(box.home.resolve("boot")).doesNotExist();
  }

  @Test
  void fetches_the_pinned_bundle_and_no_other() throws Exception {
    Needs.tool("curl");
    Path archive = root.resolve("served.tgz");
    var tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), "-C", box.bundle(25).toString(), ".");
    assertThat(box.exitOf(tar.start())).isZero();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
    box.env.remove("SALVOR_BUNDLE");
    box.env.put("SALVOR_BUNDLE_URL", archive.toUri().toString());
    box.env.put("SALVOR_BUNDLE_SHA256", "0".repeat(64));
    assertThat(box.boot()).isZero();
    box.awaitLog("the bundle is not the pinned one: refused");
    assertThat(box.starts()).isEmpty();

    box.env.put("SALVOR_BUNDLE_SHA256", HexFormat.of().formatHex(digest));
    // The first supervisor may be in the act of leaving; until it has, a boot changes nothing.
    box.await(this::boots_with_an_agent, "an agent from the fetched bundle");
    assertThat(box.starts().getFirst().arguments()).contains(box.home + "/bundle/agent.jar");
  }

  private boolean boots_with_an_agent() {
    try {
      return box.boot() == 0 && !box.starts().isEmpty();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void java_that_is_too_old_is_named_in_the_log() throws Exception {
    Needs.that(!Files.exists(Path.of("/opt/jdk")), "this machine has /opt/jdk");
    Path bundle = box.bundle(21);
    assertThat(box.boot()).isZero();
    box.awaitLog("no Java 25 or newer in %s/jre".formatted(bundle));
    assertThat(box.starts()).isEmpty();
  }

  @Test
  void foreground_ends_with_the_agent_and_passes_sigterm_on() throws Exception {
    box.bundle(25);
    box.env.put("SALVOR_FOREGROUND", "1");
    box.plan("exit 0");
    assertThat(box.boot()).isZero();
    assertThat(box.platformLog()).contains("agent speaking", "the agent has ended (0)");

    box.plan("trap 'echo agent told; kill $s; exit 0' TERM; sleep 600 & s=$!; echo armed; wait");
    Process container = box.launch();
    box.awaitLog("armed");
    container.destroy();
    assertThat(box.exitOf(container)).isEqualTo(143);
    assertThat(box.log()).contains("agent told");
  }

  @Test
  void log_keeps_five_megabytes_and_one_old_file() throws Exception {
    box.bundle(25);
    box.plan(
        "printf -v l '%08000d' 0; for ((i = 0; i < 800; i++)); do echo $l; done; echo over; exec"
            + " sleep 600");
    box.boot();
    box.awaitLog("over");
    assertThat(Files.size(box.home.resolve("agent.log.1"))).isBetween(4_900_000L, 5_000_000L);
    assertThat(Files.size(box.home.resolve("agent.log"))).isLessThan(1_600_000L);
  }

  @Test
  void fits_the_platform_and_satisfies_shellcheck() throws Exception {
    assertThat(Files.size(FakeBox.ONSTART)).isLessThanOrEqualTo(3500);
    Needs.tool("shellcheck");
    var check =
        new ProcessBuilder("shellcheck", FakeBox.ONSTART.toString())
            .redirectErrorStream(true)
            .start();
    String findings = new String(check.getInputStream().readAllBytes(), UTF_8);
    assertThat(check.waitFor()).as(findings).isZero();
  }
}
