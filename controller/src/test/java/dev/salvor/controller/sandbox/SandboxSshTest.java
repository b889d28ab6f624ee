package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Boxes by the machine's own ssh and rsync, as a controller or a person would reach them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SandboxSshTest {
  private Path home;
  private SandboxRig rig;
  private SshClient client;

  @BeforeAll
  void open(@TempDir Path dir) throws Exception {
    Needs.tool("rsync");
    Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
    home = dir;
    client = SshClient.withNewKey(dir, "account");
    rig = SandboxRig.open(dir);
    addKey("/api/v0/ssh/", client);
  }

  @AfterAll
  void close() throws Exception {
    rig.close();
  }

  private void addKey(String path, SshClient of) throws Exception {
    rig.call("POST", path, "{\"ssh_key\":\"" + of.publicKey() + "\"}");
  }

  private long run(String onstart) throws Exception {
    long id = rig.rent(onstart + "\ntouch /workspace/done", "");
    rig.awaitStatus(id, "running");
    SandboxRig.await("onstart", () -> Files.exists(rig.disk(id).resolve("workspace/done")));
    return id;
  }

  private int port(long id) throws Exception {
    return rig.show(id).path("ports").path("22/tcp").path(0).path("HostPort").asInt();
  }

  private int copyPort(long id) throws Exception {
    String body =
        "{\"client_id\":\"me\",\"src_id\":\""
            + id
            + "\",\"dst_id\":null,\"src_path\":\"/workspace/\",\"dst_path\":\".\"}";
    JsonNode answer = rig.call("PUT", "/api/v0/commands/rsync/", body);
    assertThat(answer.path("src_addr").asText()).isEqualTo("127.0.0.1");
    return answer.path("src_port").asInt();
  }

  private void stop(long id) throws Exception {
    rig.call("PUT", "/api/v0/instances/" + id + "/", "{\"state\":\"stopped\"}");
  }

  @Test
  void root_runs_commands_inside_the_box_without_the_users_variables() throws Exception {
    long id = run("");
    var outcome =
        client.ssh(port(id), "root", "pwd; echo \"[$CONTAINER_ID]\"; cat /proc/1/comm; exit 3");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.out().lines()).containsExactly("/root", "[]", "bash");
    stop(id);
    assertThat(client.ssh(port(id), "root", "true").code()).isEqualTo(255);
  }

  @Test
  void a_stopped_boxs_disk_is_copied_by_its_own_paths() throws Exception {
    long id =
        run(
            "mkdir -p /workspace/ckpt/step_7; head -c 300000 /dev/urandom >"
                + " /workspace/ckpt/step_7/w");
    stop(id);
    Path to = home.resolve("copy");
    var outcome = client.rsync(copyPort(id), "C." + id + "//workspace/", to);
    assertThat(outcome.code()).as(outcome.out()).isZero();
    assertThat(to.resolve("ckpt/step_7/w"))
        .hasSameBinaryContentAs(rig.disk(id).resolve("workspace/ckpt/step_7/w"));
  }

  @Test
  void a_hostile_link_leads_nowhere_outside_its_disk() throws Exception {
    Files.writeString(home.resolve("secret"), "the host's");
    long id =
        run(
            "mkdir /workspace/d; cd /workspace; ln -s "
                + home
                + "/secret d/direct; echo own > /root/own; ln -s /root/own d/inside;"
                + " ln -s / top; ln -s ../../../../../../../.. up");
    stop(id);
    int port = copyPort(id);
    Path followed = home.resolve("followed");
    client.rsync(port, "C." + id + "//workspace/d/", followed, "--copy-links");
    assertThat(followed.resolve("inside")).hasContent("own\n");
    assertThat(Files.exists(followed.resolve("direct"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertNothing(port, "C." + id + "//workspace/top/etc/");
    assertNothing(port, "C." + id + "//workspace/up/etc/");
    assertThat(client.rsync(port, "C." + id + "//workspace/top/root/own", followed).code())
        .isZero();
  }

  private void assertNothing(int port, String from) throws Exception {
    Path to = home.resolve("nothing");
    assertThat(client.rsync(port, from, to).code()).isNotZero();
    assertThat(Files.exists(to)).isFalse();
  }

  @Test
  void the_copy_user_may_do_nothing_else_and_strangers_nothing_at_all() throws Exception {
    long id = run("");
    assertThat(client.ssh(copyPort(id), "vastai_kaalia", "id").code()).isEqualTo(255);
    assertThat(client.ssh(port(id), "vastai_kaalia", "id").code()).isEqualTo(255);
    var stranger = SshClient.withNewKey(home, "stranger");
    assertThat(stranger.ssh(port(id), "root", "id").code()).isEqualTo(255);
    assertThat(stranger.rsync(copyPort(id), "C." + id + "//workspace/", home.resolve("s")).code())
        .isNotZero();
    Path file = Files.writeString(home.resolve("up"), "x");
    assertThat(stranger.upload(copyPort(id), file, "C." + id + "//workspace/").code()).isNotZero();
    assertThat(Files.exists(rig.disk(id).resolve("workspace/up"))).isFalse();
  }

  @Test
  void a_copy_goes_onto_a_box_too() throws Exception {
    long id = run("");
    Path file = Files.writeString(home.resolve("up"), "data");
    assertThat(client.upload(copyPort(id), file, "C." + id + "//workspace/").code()).isZero();
    assertThat(Files.readString(rig.disk(id).resolve("workspace/up"))).isEqualTo("data");
  }

  @Test
  void a_key_attached_to_one_instance_opens_that_one_only() throws Exception {
    long one = run("");
    long two = run("");
    var guest = SshClient.withNewKey(home, "guest");
    addKey("/api/v0/instances/" + one + "/ssh/", guest);
    assertThat(guest.ssh(port(one), "root", "true").code()).isZero();
    assertThat(guest.ssh(port(two), "root", "true").code()).isEqualTo(255);
    int copyPort = copyPort(one);
    assertThat(guest.rsync(copyPort, "C." + one + "//workspace/", home.resolve("g1")).code())
        .isZero();
    assertThat(guest.rsync(copyPort, "C." + two + "//workspace/", home.resolve("g2")).code())
        .isNotZero();
  }
}
