package dev.salvor.controller.onstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.testing.Needs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start scripts as process 1 of a root file system that has what images/README.md asks for and
/// nothing else.
final class MinimalRootTest {
  private static final int PATIENCE_S = 60;

  /// Of coreutils what is used, bash, and two tools of util-linux.
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "chmod",
          "dirname",
          "env",
          "flock",
          "mkdir",
          "mv",
          "nice",
          "readlink",
          "rm",
          "setsid",
          "sha256sum",
          "sleep",
          "sync",
          "tr",
          "wc");

  private static final Pattern LIBRARY = Pattern.compile("(/[^ ]+) \\(0x");

  private static final String ENTER =
      """
      set -e
      mount -t proc proc "$1/proc"
      : >"$1/dev/null"
      mount --bind /dev/null "$1/dev/null"
      ln -sfn /proc/self/fd "$1/dev/fd"
      PATH=$PATH:/usr/sbin:/sbin
      enter=$(type -P chroot)
      exec env -i PATH=/bin CONTAINER_ID=7 SALVOR_RUN=r1 SALVOR_GENERATION=2 "$enter" "$1" /bin/bash /root/onstart.sh
      """;

  private static final String JAVA =
      """
      #!/bin/bash
      echo "java $*"
      echo "boot $SALVOR_BOOT aot $SALVOR_AOT"
      exit 0
      """;

  @TempDir Path dir;
  private Path root;

  @BeforeEach
  void make_a_root() throws Exception {
    Needs.tool("unshare");
    Needs.tool("ldd");
    Needs.that(
        run("unshare", "--user", "--map-root-user", "--mount", "true").exit() == 0,
        "this machine lets nobody make a user namespace");
    root = dir.resolve("image");
    for (String folder :
        List.of("bin", "usr/bin", "etc", "proc", "dev", "root", "opt/salvor/jre/bin")) {
      Files.createDirectories(root.resolve(folder));
    }
    Set<Path> libraries = new TreeSet<>();
    for (String tool : TOOLS) {
      Path found = onPath(tool).orElseThrow();
      Files.copy(found.toRealPath(), root.resolve("bin").resolve(tool));
      LIBRARY
          .matcher(run("ldd", found.toString()).said())
          .results()
          .forEach(match -> libraries.add(Path.of(match.group(1))));
    }
    Files.createSymbolicLink(root.resolve("usr/bin/env"), Path.of("/bin/env"));
    for (Path library : libraries) {
      Path place = root.resolve(library.toString().substring(1));
      Files.createDirectories(place.getParent());
      Files.copy(library.toRealPath(), place);
    }
    Path java = Files.writeString(root.resolve("opt/salvor/jre/bin/java"), JAVA);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(root.resolve("opt/salvor/jre/release"), "JAVA_VERSION=\"25.0.3\"\n");
    Files.writeString(root.resolve("opt/salvor/agent.jar"), "jar");
    Files.copy(FakeBox.SCRIPTS.resolve("agent.sh"), root.resolve("opt/salvor/agent.sh"));
    Files.writeString(root.resolve("etc/environment"), "");
    Files.writeString(root.resolve("root/onstart.sh"), FakeBox.rendered());
  }

  @Test
  void starts_the_agent_boot_after_boot_and_ends_with_it() throws Exception {
    for (int boot = 1; boot <= 2; boot++) {
      Said said = enter();
      assertThat(said.said())
          .contains("boot " + boot + " of run r1, generation 2")
          .contains("-jar /opt/salvor/agent.jar watch --home /root/.salvor")
          .contains("boot " + boot + " aot /root/.salvor/aot/")
          .contains("the agent has ended (0)")
          .doesNotContain("not found", "No such file", "cannot");
      assertThat(said.exit()).isZero();
    }
    assertThat(root.resolve("root/.salvor/agent.log"))
        .content()
        .contains("the agent has ended (0)");
    assertThat(root.resolve("etc/environment")).hasContent("CONTAINER_ID=7");
  }

  @Test
  void what_the_image_lacks_is_named() throws Exception {
    Files.delete(root.resolve("bin/flock"));
    assertThat(enter())
        .isEqualTo(
            new Said(69, "salvor onstart: this image lacks flock or setsid: install util-linux\n"));
  }

  private Said enter() throws IOException, InterruptedException {
    return run(
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "bash",
        "-c",
        ENTER,
        "enter",
        root.toString());
  }

  private Said run(String... command) throws IOException, InterruptedException {
    Path out = dir.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended)
        .as("%s within %d s: %s", List.of(command), PATIENCE_S, Files.readString(out))
        .isTrue();
    return new Said(process.exitValue(), Files.readString(out, UTF_8));
  }

  private static Optional<Path> onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// How a command ended, and what it printed.
  private record Said(int exit, String said) {}
}
