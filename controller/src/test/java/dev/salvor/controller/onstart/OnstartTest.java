package dev.salvor.controller.onstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.launch.Launch;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
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
        .contains("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
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
  void without_a_bundle_it_says_where_it_looked_and_takes_the_one_that_is_pushed()
      throws Exception {
    assertThat(box.boot()).isZero();
    box.awaitLog("no agent.jar and agent.sh in SALVOR_BUNDLE, " + box.home + "/bundle or /opt/");
    box.awaitLog("waiting for " + box.home + "/bundle.tgz");
    Files.move(archive(), box.home.resolve("bundle.tgz"));
    assertThat(box.awaitStarts(1).getFirst().arguments())
        .contains(box.home + "/bundle/agent.jar watch");
    assertThat(box.home.resolve("bundle.tgz")).doesNotExist();
  }

  @Test
  void url_without_a_pin_is_refused() throws Exception {
    box.env.put("SALVOR_BUNDLE_URL", "file:///nowhere.tgz");
    assertThat(box.boot()).isEqualTo(66);
    assertThat(box.platformLog())
        .contains("SALVOR_BUNDLE_URL without SALVOR_BUNDLE_SHA256: refused");
    assertThat(box.home.resolve("boot")).doesNotExist();
  }

  @Test
  void pushed_bundle_that_is_none_is_said_and_left_out() throws Exception {
    box.bundle(25);
    Files.createDirectories(box.home);
    Files.writeString(box.home.resolve("bundle.tgz"), "no archive");
    assertThat(box.boot()).isZero();
    box.awaitStarts(1);
    box.awaitLog("bundle.tgz is no bundle with an agent.jar: left out");
  }

  /// A bundle as it is pushed or served; SALVOR_BUNDLE leads nowhere.
  private Path archive() throws IOException, InterruptedException {
    Path archive = root.resolve("served.tgz");
    var tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), "-C", box.bundle(25).toString(), ".");
    assertThat(box.exitOf(tar.start())).isZero();
    Files.delete(root.resolve("bundle/agent.jar"));
    return archive;
  }

  @Test
  void fetches_the_pinned_bundle_and_no_other() throws Exception {
    Needs.tool("curl");
    Path archive = archive();
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
  void cache_is_made_once_beside_the_agent_and_used_by_the_next_one() throws Exception {
    Path bundle = box.bundle(25);
    box.env.put("SALVOR_AOT_AFTER", "0");
    Files.writeString(
        root.resolve("selftest"),
        """
        for o; do case $o in -XX:AOTCacheOutput=*) echo cache >"${o#*=}" ;; esac; done
        echo trained >>"$root/trainings"
        """);
    box.boot();
    assertThat(box.awaitStarts(1).getFirst().arguments()).doesNotContain("AOTCache");
    box.await(() -> caches().size() == 1, "the cache");
    box.starts().getFirst().agent().orElseThrow().destroyForcibly();
    assertThat(box.awaitStarts(2).get(1).arguments())
        .contains("-XX:AOTCache=" + caches().getFirst());

    Files.writeString(bundle.resolve("agent.jar"), "another jar");
    Path old = caches().getFirst();
    box.starts().get(1).agent().orElseThrow().destroyForcibly();
    assertThat(box.awaitStarts(3).get(2).arguments()).doesNotContain("AOTCache");
    box.await(() -> caches().size() == 1 && !caches().contains(old), "a cache of the new jar only");
    assertThat(root.resolve("trainings")).hasContent("trained\ntrained");
  }

  private List<Path> caches() {
    try (Stream<Path> files = Files.list(box.home.resolve("aot"))) {
      return files.filter(file -> file.toString().endsWith(".aot")).toList();
    } catch (IOException notYet) {
      return List.of();
    }
  }

  @Test
  void platforms_settings_reach_ssh_sessions_once_and_ours_do_not() throws Exception {
    box.bundle(25);
    Path environment = Files.createDirectories(root.resolve("etc")).resolve("environment");
    Files.writeString(environment, "LANG=C\n");
    box.env.put("CONTAINER_ID", "4711");
    box.env.put("DATASET", "/data/a b");
    box.env.put("SALVOR_JOIN_TOKEN", "secret");
    for (int boot = 1; boot <= 2; boot++) {
      box.boot();
      box.awaitStarts(boot);
      box.killAll();
    }
    assertThat(Files.readAllLines(environment))
        .containsExactlyInAnyOrder("LANG=C", "CONTAINER_ID=4711", "DATASET=/data/a b");
  }

  @Test
  void packages_that_are_missing_are_installed_once_a_disk_and_only_when_told() throws Exception {
    box.bundle(25);
    Path apt = root.resolve("bin/apt-get");
    Files.writeString(apt, "#!/usr/bin/env bash\necho \"$*\" >>" + root.resolve("apt") + "\n");
    assertThat(apt.toFile().setExecutable(true)).isTrue();
    box.env.put("SALVOR_PACKAGES", "bash frob:libfrob-dev");
    for (int boot = 1; boot <= 2; boot++) {
      box.boot();
      box.awaitStarts(boot);
      box.killAll();
    }
    assertThat(root.resolve("apt")).hasContent("update\ninstall -y libfrob-dev");
    assertThat(box.log()).contains("installing libfrob-dev");
  }

  @Test
  void fits_the_platform_and_satisfies_shellcheck() throws Exception {
    assertThat(Files.size(box.onstart)).isLessThanOrEqualTo(Launch.MAX_ONSTART_CHARS - 200);
    Needs.tool("shellcheck");
    var check =
        new ProcessBuilder(
                "shellcheck",
                box.onstart.toString(),
                FakeBox.SCRIPTS.resolve("onstart.sh").toString(),
                FakeBox.SCRIPTS.resolve("agent.sh").toString())
            .redirectErrorStream(true)
            .start();
    String findings = new String(check.getInputStream().readAllBytes(), UTF_8);
    assertThat(check.waitFor()).as(findings).isZero();
  }
}
