package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Section 4 of the platform's API as its own client uses it: what is done to instances, keys,
/// volumes and the account.
final class OperationsConformanceTest extends Conformance {
  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRlc3Q me@here";

  // Section 4: operations.

  @Test
  void the_life_of_an_instance() throws Exception {
    long id = create();
    rig.awaitStatus(id, "running");
    String one = "/api/v0/instances/" + id + "/";
    done("PUT", one, "{'state':'stopped'}");
    done("PUT", one, "{'state':'running'}");
    rig.awaitStatus(id, "running");
    done("PUT", one, "{'label':'mine'}");
    done("PUT", "/api/v0/instances/reboot/" + id + "/", "{}");
    rig.awaitStatus(id, "running");
    done("PUT", "/api/v0/instances/recycle/" + id + "/", "{}");
    rig.awaitStatus(id, "running");
    done(
        "PUT",
        "/api/v0/instances/update_template/" + id + "/",
        "{'id':" + id + ",'image':'other/image'}");
    assertThat(rig.show(id).path("image_uuid").asText()).isEqualTo("other/image");
    assertThat(rig.show(id).path("label").asText()).isEqualTo("mine");
    done("PUT", "/api/v0/instances/", "{'state':'stopped','ids':[" + id + "]}");
    refused(400, "invalid_args", rig.send("PUT", one, "{}"));
    refused(
        411,
        "insufficient_credit",
        rig.send("PUT", "/api/v0/instances/prepay/" + id + "/", "{\"amount\":5}"));
    done("DELETE", one, "{}");
    refused(404, "no_such_instance", rig.send("DELETE", one, "{}"));
    long other = create();
    done("DELETE", "/api/v0/instances/", "{'instance_ids':[" + other + "]}");
  }

  @Test
  void a_bid_is_changed_to_a_number_or_to_the_winning_one() throws Exception {
    ObjectNode body = createBody();
    JsonNode offer = rig.offer("bid");
    body.put("price", offer.path("min_bid").asDouble());
    long id =
        done("PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body.toString())
            .path("new_contract")
            .asLong();
    String path = "/api/v0/instances/bid_price/" + id + "/";
    done("PUT", path, "{'client_id':'me','price':0.9}");
    assertThat(rig.show(id).path("dph_base").asDouble()).isEqualTo(0.9);
    done("PUT", path, "{'client_id':'me','price':null}");
    refused(400, "invalid_price", rig.send("PUT", path, "{\"client_id\":\"me\",\"price\":33}"));
  }

  @Test
  void ssh_keys_of_the_account_and_of_an_instance() throws Exception {
    assertThat(rig.send("GET", "/api/v0/ssh/", "").statusCode()).isEqualTo(404);
    JsonNode made = done("POST", "/api/v0/ssh/", "{'ssh_key':'" + KEY + "'}").path("key");
    assertThat(made.path("public_key").asText()).isEqualTo(KEY);
    long key = made.path("id").asLong();
    JsonNode list = ok("GET", "/api/v0/ssh/", "");
    assertThat(list.isArray()).isTrue();
    assertThat(list.path(0).path("key").asText()).isEqualTo(KEY);
    done("PUT", "/api/v0/ssh/" + key + "/", "{'id':" + key + ",'ssh_key':'" + KEY + "2'}");
    long id = create();
    String path = "/api/v0/instances/" + id + "/ssh/";
    done("POST", path, "{'ssh_key':'ssh-ed25519 AAAAother x'}");
    JsonNode keys = SandboxRig.JSON.readTree(done("GET", path, "").path("ssh_keys").textValue());
    assertThat(keys).hasSize(2);
    done("DELETE", path + keys.path(1).path("id").asLong() + "/", "{}");
    done("DELETE", "/api/v0/ssh/" + key + "/", "{}");
    refused(400, "no_ssh_key", rig.send("DELETE", "/api/v0/ssh/" + key + "/", "{}"));
  }

  @Test
  void a_log_is_requested_and_then_fetched_without_a_key() throws Exception {
    long id = create(createBody().put("onstart", "echo first; echo second"));
    rig.awaitStatus(id, "running");
    String path = "/api/v0/instances/request_logs/" + id + "/";
    SandboxRig.await(
        "both lines in the log",
        () -> {
          try {
            return fetched(done("PUT", path, "{'tail':'1000'}")).contains("first\nsecond");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(fetched(done("PUT", path, "{'filter':'second','tail':'1000'}")))
        .isEqualTo("second\n");
    assertThat(fetched(done("PUT", path, "{'tail':'9','daemon_logs':'true'}"))).contains("create");
    refused(404, "invalid_id", rig.send("PUT", "/api/v0/instances/request_logs/9/", "{}"));
  }

  @Test
  void copies_answer_where_to_rsync() throws Exception {
    Needs.tool("rsync");
    long id = create();
    String up =
        "{'client_id':'me','src_id':null,'dst_id':'" + id + "','src_path':'./x','dst_path':'/w'}";
    assertThat(done("PUT", "/api/v0/commands/rsync/", up).path("dst_port").asInt()).isPositive();
    String down =
        "{'client_id':'me','src_id':'C."
            + id
            + "','dst_id':'local','src_path':'/w','dst_path':'x'}";
    assertThat(done("PUT", "/api/v0/commands/copy_direct/", down).path("src_addr").asText())
        .isEqualTo("127.0.0.1");
    done("DELETE", "/api/v0/commands/copy_direct/", "{'client_id':'me','dst_id':'" + id + "'}");
  }

  @Test
  void volumes_are_bound_to_their_machine() throws Exception {
    JsonNode room =
        ok(
                "POST",
                "/api/v0/volumes/search/",
                "{'verified':{'eq':true},'external':{'eq':false},'disk_space':{'gte':1,'gt':'50'},"
                    + "'order':[['score','desc']],'allocated_storage':1.0}")
            .path("offers")
            .path(0);
    String create = "{'size':20,'id':" + room.path("id").asLong() + ",'name':'cache'}";
    JsonNode made = done("PUT", "/api/v0/volumes/", create);
    long volume = Long.parseLong(made.path("volume_name").asText().substring(2));
    JsonNode row =
        ok("GET", "/api/v0/volumes?owner=me&type=all_volume", "").path("volumes").path(0);
    assertThat(row.path("start_date").isNumber()).isTrue();
    assertThat(row.path("machine_id")).isEqualTo(room.path("machine_id"));
    ObjectNode body = createBody();
    body.putObject("volume_info")
        .put("mount_path", "/data")
        .put("create_new", false)
        .put("volume_id", volume);
    JsonNode elsewhere = offer(room.path("machine_id").asLong(), "neq");
    String wrong = "/api/v0/asks/" + elsewhere.path("id").asLong() + "/";
    refused(400, "invalid_args", rig.send("PUT", wrong, body.toString()));
    JsonNode there = offer(room.path("machine_id").asLong(), "eq");
    long id =
        done("PUT", "/api/v0/asks/" + there.path("id").asLong() + "/", body.toString())
            .path("new_contract")
            .asLong();
    String delete = "/api/v0/volumes/?id=" + volume;
    refused(400, "invalid_args", rig.send("DELETE", delete, "{}"));
    done("DELETE", "/api/v0/instances/" + id + "/", "{}");
    done("DELETE", delete, "{}");
    refused(404, "no_such_volume", rig.send("DELETE", delete, "{}"));
  }

  private JsonNode offer(long machine, String operator) throws Exception {
    String query = "{'machine_id':{'" + operator + "':" + machine + "}}";
    return ok("POST", "/api/v0/bundles/", query).path("offers").path(0);
  }

  @Test
  void the_account() throws Exception {
    long id = create();
    assertThat(ok("GET", "/api/v0/users/current", "").path("credit").asDouble()).isPositive();
    String days = "select_filters=" + quoted("{'day': {'gte': 0, 'lte': 99999999999}}");
    JsonNode charges =
        ok("GET", "/api/v0/charges/?" + days + "&latest_first=false&limit=20&format=table", "");
    assertThat(charges.path("results").path(0).path("source").asText()).isEqualTo("instance-" + id);
    String when = "?select_filters=" + quoted("{'when': {'gte': 0, 'lte': 1}}") + "&limit=20";
    assertThat(ok("GET", "/api/v1/invoices/" + when, "").path("results").isArray()).isTrue();
    ok("GET", "/api/v0/users/me/invoices?owner=me&inc_charges=true", "");
    ok("GET", "/api/v0/instances/balance/" + id + "/?owner=me", "");
    assertThat(ok("GET", "/api/v0/users/me/ipaddrs?owner=me", "").has("results")).isTrue();
    assertThat(ok("GET", "/api/v0/audit_logs/", "").isArray()).isTrue();
    ok("GET", "/api/v0/auth/apikeys/", "");
    ok("GET", "/api/v0/template/?select_cols=" + quoted("['*']"), "");
    ok("GET", "/api/v0/users/cloud_integrations/", "");
    ok("GET", "/api/v0/machines/20101/reports/", "{'machine_id':20101}");
    ok("GET", "/api/v0/instances/pending-price-increases/", "");
    assertThat(rig.send("GET", "/api/v0/gpu_names/unique/", "", "").statusCode()).isEqualTo(200);
  }

  @Test
  void the_accounts_variables_reach_each_new_container() throws Exception {
    done("POST", "/api/v0/secrets/", "{'key':'HF_TOKEN','value':'abc'}");
    refused(
        400,
        "existing_key",
        rig.send("POST", "/api/v0/secrets/", "{\"key\":\"HF_TOKEN\",\"value\":\"abc\"}"));
    done("PUT", "/api/v0/secrets/", "{'key':'HF_TOKEN','value':'def'}");
    assertThat(ok("GET", "/api/v0/secrets/", "").path("secrets").path("HF_TOKEN").asText())
        .isEqualTo("*****");
    long id = create(createBody().put("onstart", "echo $HF_TOKEN > $HOME/token"));
    Path file = rig.disk(id).resolve("root/token");
    SandboxRig.await("the variable", () -> Files.exists(file) && file.toFile().length() > 3);
    assertThat(Files.readString(file)).isEqualTo("def\n");
    done("DELETE", "/api/v0/secrets/", "{'key':'HF_TOKEN'}");
  }

  /// Where there are real walls around a box.
  @Test
  void a_few_commands_run_on_the_disk_of_a_stopped_box_only(@TempDir Path home) throws Exception {
    Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
    rig.close();
    rig = SandboxRig.open(home);
    long id = create(createBody().put("onstart", "echo x > /workspace/left"));
    rig.awaitStatus(id, "running");
    String path = "/api/v0/instances/command/" + id + "/";
    String list = "{\"command\":\"ls /workspace\"}";
    refused(400, "invalid_args", rig.send("PUT", path, list));
    SandboxRig.await("the file", () -> Files.exists(rig.disk(id).resolve("workspace/left")));
    done("PUT", "/api/v0/instances/" + id + "/", "{'state':'stopped'}");
    rig.awaitStatus(id, "exited");
    JsonNode answer = done("PUT", path, list);
    assertThat(answer.has("writeable_path")).isTrue();
    assertThat(fetched(answer)).isEqualTo("left\n");
    refused(400, "invalid_args", rig.send("PUT", path, "{\"command\":\"cat /etc/passwd\"}"));
  }

  @Test
  void a_command_line_in_the_place_of_an_entrypoint_fails_as_a_runtime_would(@TempDir Path home)
      throws Exception {
    Needs.that(Tools.grantsNamespaces(), "this machine grants no user namespaces");
    rig.close();
    rig = SandboxRig.open(home);
    String line = "bash -c 'cd /workspace && true'";
    long wrong = create(createBody().put("runtype", "args").put("onstart", line));
    rig.awaitStatus(wrong, "exited");
    assertThat(rig.show(wrong).path("status_msg").asText())
        .contains("OCI runtime create failed", "stat " + line + ": no such file or directory");
    ObjectNode body = createBody().put("runtype", "args").putNull("onstart");
    body.put("args_str", "bash -c 'echo \"a b\" > /workspace/out'");
    long right = create(body);
    Path out = rig.disk(right).resolve("workspace/out");
    SandboxRig.await("the command's output", () -> Files.exists(out) && out.toFile().length() > 3);
    assertThat(Files.readString(out)).isEqualTo("a b\n");
  }
}
