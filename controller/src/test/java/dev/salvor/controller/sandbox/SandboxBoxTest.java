package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real boxes: what onstart sees, what dies with a box, what stays of it.
final class SandboxBoxTest {
  /// Ends every onstart, so that a test knows when to look.
  private static final String DONE = "\necho done > /workspace/done\n";

  @TempDir private Path home;
  private Optional<SandboxRig> opened = Optional.empty();

  private void open(boolean plain) throws Exception {
    Needs.tool("bash");
    Needs.that(Files.isDirectory(Path.of("/proc/self")), "there is no /proc here");
    if (!plain) {
      Needs.tool("unshare");
      Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
    }
    opened = Optional.of(SandboxRig.open(home, SandboxRig.manner(false, plain)));
  }

  @AfterEach
  void close() throws Exception {
    if (opened.isPresent()) {
      opened.get().close();
    }
  }

  private SandboxRig rig() {
    return opened.orElseThrow();
  }

  private long run(String onstart, String more) throws Exception {
    long id = rig().rent(onstart, more);
    rig().awaitStatus(id, "running");
    return id;
  }

  private void awaitFile(long id, String name) {
    SandboxRig.await(name, () -> Files.exists(rig().disk(id).resolve(name)));
  }

  private String read(long id, String name) throws IOException {
    return Files.readString(rig().disk(id).resolve(name)).strip();
  }

  /// Whether a process whose command line holds this runs on the machine.
  private static boolean runs(String mark) {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.anyMatch(process -> commandLine(process).contains(mark));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void onstart_runs_in_a_world_of_its_own() throws Exception {
    open(false);
    String onstart =
        "id -u > /workspace/uid; pwd > /workspace/pwd; echo $$ > /workspace/pid; cat"
            + " /opt/salvor/agent.jar > /workspace/jar; touch /usr/x 2> /workspace/readonly; ls -d "
            + home
            + " 2> /workspace/hidden; \"$JAVA_HOME/bin/java\" -version 2> /workspace/java; env >"
            + " /workspace/env; echo heard"
            + DONE;
    long id = run(onstart, "\"env\":{\"MINE\":\"a b=c\",\"-p 8080:8080\":\"1\"}");
    awaitFile(id, "workspace/done");
    assertThat(read(id, "workspace/uid")).isEqualTo("0");
    assertThat(read(id, "workspace/pwd")).isEqualTo("/root");
    assertThat(Integer.parseInt(read(id, "workspace/pid"))).isLessThan(200);
    assertThat(read(id, "workspace/jar")).isEqualTo("a jar");
    assertThat(read(id, "workspace/readonly")).contains("Read-only");
    assertThat(read(id, "workspace/hidden")).contains("No such file");
    assertThat(read(id, "workspace/java")).contains("25");
    assertThat(read(id, "workspace/env").lines())
        .contains("MINE=a b=c", "CONTAINER_ID=" + id, "VAST_CONTAINERLABEL=C." + id)
        .contains("PUBLIC_IPADDR=127.0.0.1", "DATA_DIRECTORY=/workspace", "GPU_COUNT=1")
        .contains("VAST_TCP_PORT_8080=8080", "HOME=/root")
        .anyMatch(line -> line.matches("VAST_TCP_PORT_22=\\d+"))
        .anyMatch(line -> line.matches("CONTAINER_API_KEY=\\w{64}"))
        .noneMatch(line -> line.startsWith("SALVOR_"));
    assertThat(read(id, "root/onstart.sh")).startsWith("id -u");
    assertThat(logs(id)).contains("heard");
    assertThat(rig().show(id).path("ports").has("22/tcp")).isTrue();
  }

  private String logs(long id) throws Exception {
    String result =
        rig()
            .call("PUT", "/api/v0/instances/request_logs/" + id + "/", "{\"tail\":\"10\"}")
            .path("result_url")
            .asText();
    return rig().send("GET", result, "", "").body();
  }

  @Test
  void a_stop_kills_all_and_keeps_the_disk_and_a_start_runs_onstart_again() throws Exception {
    open(false);
    String mark = UUID.randomUUID().toString();
    String onstart =
        "echo boot >> /workspace/boots\nsetsid nohup bash -c 'exec -a "
            + mark
            + " sleep 1000' > /dev/null 2>&1 &"
            + DONE;
    long id = run(onstart, "");
    awaitFile(id, "workspace/done");
    SandboxRig.await("the orphan", () -> runs(mark));
    Files.delete(rig().disk(id).resolve("workspace/done"));
    rig().call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"stopped\"}");
    assertThat(runs(mark)).as("killed before the answer").isFalse();
    assertThat(rig().status(id)).isEqualTo("exited");
    assertThat(read(id, "workspace/boots").lines()).hasSize(1);
    rig().call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"running\"}");
    awaitFile(id, "workspace/done");
    assertThat(read(id, "workspace/boots").lines()).hasSize(2);
    rig().call("DELETE", "/api/v0/instances/" + id + "/", "{}");
    assertThat(runs(mark)).isFalse();
    assertThat(Files.exists(rig().disk(id).getParent())).isFalse();
  }

  @Test
  void a_boxs_links_do_not_lead_the_next_start_out_of_its_disk() throws Exception {
    open(false);
    Path victim = Files.writeString(home.resolve("victim"), "mine");
    long id = run("rm /root/onstart.sh; ln -s " + victim + " /root/onstart.sh" + DONE, "");
    awaitFile(id, "workspace/done");
    rig().call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"stopped\"}");
    rig().call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"running\"}");
    rig().awaitStatus(id, "running");
    assertThat(Files.readString(victim)).isEqualTo("mine");
  }

  @Test
  void in_args_mode_the_arguments_are_the_container() throws Exception {
    open(false);
    long id =
        rig()
            .rent(
                "bash",
                "\"runtype\":\"args\",\"args\":[\"-c\",\"echo $CONTAINER_ID > /workspace/a; sleep"
                    + " 0.3\"]");
    awaitFile(id, "workspace/a");
    rig().awaitStatus(id, "exited");
    assertThat(read(id, "workspace/a")).isEqualTo(Long.toString(id));
  }

  @Test
  void a_fault_waits_for_a_real_file_and_passes_over_half_written_ones() throws Exception {
    open(false);
    rig()
        .call(
            "POST",
            "/sandbox/faults",
            "{\"kind\":\"outbid\",\"trigger\":{\"path_regex\":\"step[-_](\\\\d+)\",\"reaches\":5}}");
    long id =
        run(
            "mkdir -p /work/out; touch /work/out/step-9.tmp; sleep 0.5; touch /work/out/step-5;"
                + " sleep 1000",
            "");
    rig().awaitStatus(id, "exited");
    assertThat(Files.exists(rig().disk(id).resolve("work/out/step-5"))).isTrue();
    assertThat(rig().show(id).path("intended_status").asText()).isEqualTo("running");
  }

  @Test
  void without_namespaces_a_box_is_found_by_its_marker_and_killed_whole() throws Exception {
    open(true);
    String mark = UUID.randomUUID().toString();
    String onstart =
        "pwd > $SALVOR_ROOT/workspace/pwd; setsid nohup bash -c 'exec -a "
            + mark
            + " sleep 1000' > /dev/null 2>&1 & echo done > $SALVOR_ROOT/workspace/done";
    long id = run(onstart, "");
    awaitFile(id, "workspace/done");
    SandboxRig.await("the orphan", () -> runs(mark));
    assertThat(read(id, "workspace/pwd")).isEqualTo(rig().disk(id).resolve("root").toString());
    rig().call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"stopped\"}");
    assertThat(runs(mark)).isFalse();
    rig().call("DELETE", "/api/v0/instances/" + id + "/", "{}");
    assertThat(Files.exists(rig().disk(id).getParent())).isFalse();
  }
}
