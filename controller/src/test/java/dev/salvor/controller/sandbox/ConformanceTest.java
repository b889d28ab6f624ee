package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.Tools;
import dev.salvor.controller.testing.Needs;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Speaks to the sandbox as the platform's own client does, request by request: its paths with and
/// without slashes, its encoding, its bodies, and what it reads from the answers.
final class ConformanceTest {
  /// Every column that the client prints of an offer.
  private static final List<String> OFFER_COLUMNS =
      List.of(
          ("id cuda_max_good num_gpus gpu_name pcie_bw cpu_ghz cpu_cores_effective cpu_ram gpu_ram"
                  + " disk_space dph_total dlperf dlperf_per_dphtotal score driver_version inet_up"
                  + " inet_down reliability duration machine_id verification host_id"
                  + " direct_port_count geolocation")
              .split(" "));

  private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRlc3Q me@here";

  private SandboxRig rig;

  @BeforeEach
  void open(@TempDir Path home) throws Exception {
    rig = SandboxRig.open(home, SandboxRig.manner(false, true));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static JsonNode json(String text) throws Exception {
    return SandboxRig.JSON.readTree(text.replace('\'', '"'));
  }

  /// As the client sends a JSON document in a query: a space is a plus.
  private static String quoted(String json) {
    return URLEncoder.encode(json.replace('\'', '"'), StandardCharsets.UTF_8);
  }

  /// An answer that the client would take: 200, and exactly this content type.
  private JsonNode ok(String method, String path, String body) throws Exception {
    String sent = body.startsWith("{'") ? body.replace('\'', '"') : body;
    HttpResponse<String> answer = rig.send(method, path, sent);
    assertThat(answer.statusCode()).as(method + " " + path + " " + answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    return SandboxRig.JSON.readTree(answer.body());
  }

  private JsonNode done(String method, String path, String body) throws Exception {
    JsonNode answer = ok(method, path, body);
    assertThat(answer.path("success").asBoolean()).as(path + " " + answer).isTrue();
    return answer;
  }

  private void refused(int status, String error, HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(SandboxRig.JSON.readTree(answer.body()).path("error").asText()).isEqualTo(error);
  }

  /// What `create instance` sends, every key of it.
  private static ObjectNode createBody() throws Exception {
    return (ObjectNode)
        json(
            "{'client_id':'me','image':'pytorch/pytorch','env':{'A':'b','-p 8080:8080':'1'},"
                + "'price':null,'disk':10.0,'label':null,'extra':null,'onstart':'true',"
                + "'image_login':null,'python_utf8':false,'lang_utf8':false,"
                + "'use_jupyter_lab':false,'jupyter_dir':null,'force':false,"
                + "'cancel_unavail':false,'template_hash_id':null,'user':null,"
                + "'runtype':'ssh_direc ssh_proxy'}");
  }

  private long create() throws Exception {
    return create(createBody());
  }

  private long create(ObjectNode body) throws Exception {
    long offer = rig.offer("on-demand").path("id").asLong();
    JsonNode made = done("PUT", "/api/v0/asks/" + offer + "/", body.toString());
    assertThat(made.path("instance_api_key").asText()).isNotEmpty();
    return made.path("new_contract").asLong();
  }

  // Section 2: offers and creation.

  @Test
  void search_offers_sends_filters_and_controls_in_one_object() throws Exception {
    JsonNode answer =
        ok(
            "POST",
            "/api/v0/bundles/",
            "{'verified':{'eq':true},'external':{'eq':false},'rentable':{'eq':true},"
                + "'compute_cap':{'gte':'700'},'num_gpus':{'in':['1','2']},"
                + "'gpu_ram':{'gte':20000.0},'reliability':{'gt':'0.9'},'has_avx':{'eq':true},"
                + "'order':[['score','desc']],'type':'on-demand','allocated_storage':5.0}");
    assertThat(answer.path("offers")).isNotEmpty().hasSizeLessThanOrEqualTo(64);
    for (JsonNode offer : answer.path("offers")) {
      OFFER_COLUMNS.forEach(c -> assertThat(offer.has(c)).as("column " + c).isTrue());
      assertThat(offer.path("verification").asText()).isEqualTo("verified");
      assertThat(offer.path("num_gpus").asInt()).isBetween(1, 2);
      assertThat(offer.path("gpu_ram").asInt()).isGreaterThanOrEqualTo(20_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-demand", "ondemand", "bid", "reserved"})
  void every_spelling_of_a_type_is_taken(String type) throws Exception {
    assertThat(ok("POST", "/api/v0/bundles/", "{'type':'" + type + "'}").path("offers"))
        .isNotEmpty();
  }

  @Test
  void the_new_search_nests_the_same_object() throws Exception {
    String q = "{'select_cols':['*'],'q':{'verified':{'eq':true},'order':[['score','desc']]}}";
    assertThat(ok("PUT", "/api/v0/search/asks/", q).path("offers")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ssh,22/tcp",
    "ssh_proxy,22/tcp",
    "ssh_direc ssh_proxy,22/tcp",
    "jupyter_proxy ssh_proxy,22/tcp",
    "jupyter_direc ssh_direc ssh_proxy,22/tcp",
    "args,8080/tcp",
  })
  void every_runtype_is_taken_and_comes_back(String runtype, String port) throws Exception {
    ObjectNode body = createBody().put("runtype", runtype);
    if (runtype.equals("args")) {
      body.put("onstart", "sleep").putArray("args").add("600");
    }
    long id = create(body);
    rig.awaitStatus(id, "running");
    JsonNode row = rig.show(id);
    assertThat(row.path("image_runtype").asText()).isEqualTo(runtype);
    assertThat(row.path("ports").has(port)).as(row.path("ports").toString()).isTrue();
    assertThat(row.path("ports").path(port).path(0).path("HostPort").isTextual()).isTrue();
  }

  @Test
  void more_than_64_ports_and_long_scripts_are_refused() throws Exception {
    ObjectNode body = createBody();
    for (int port = 9000; port < 9065; port++) {
      body.withObject("/env").put("-p " + port + ":" + port, "1");
    }
    String path = "/api/v0/asks/" + rig.offer("on-demand").path("id").asLong() + "/";
    refused(400, "invalid_args", rig.send("PUT", path, body.toString()));
    String script = "x".repeat(4097);
    refused(
        400, "invalid_args", rig.send("PUT", path, createBody().put("onstart", script).toString()));
  }

  @Test
  void several_offers_are_taken_by_one_request_and_one_by_a_search() throws Exception {
    JsonNode offers = ok("POST", "/api/v0/bundles/", "{'limit':2}").path("offers");
    ObjectNode body = createBody();
    offers.forEach(offer -> body.withArray("/ids").add(offer.path("id").asLong()));
    done("POST", "/api/v0/asks/bulk/", body.toString());
    ObjectNode launch = createBody();
    launch.set("q", json("{'gpu_name':{'eq':'RTX 4090'},'num_gpus':{'eq':1}}"));
    done("PUT", "/api/v0/launch_instance/", launch.toString());
    assertThat(rig.get("/api/v1/instances/").path("total_instances").asInt()).isEqualTo(3);
  }

  // Section 3: showing instances.

  @Test
  void the_list_is_asked_for_with_documents_in_the_query() throws Exception {
    long id = create();
    String path =
        "/api/v1/instances/?select_filters="
            + quoted("{}")
            + "&order_by="
            + quoted("[{'col': 'id', 'dir': 'asc'}]")
            + "&limit=25";
    JsonNode page = ok("GET", path, "");
    assertThat(page.path("success").asBoolean()).isTrue();
    assertThat(page.path("next_token").isNull()).isTrue();
    assertThat(page.has("instances_found")).isTrue();
    assertThat(page.path("label_counts").path("").asInt()).isEqualTo(1);
    JsonNode row = page.path("instances").path(0);
    assertThat(row.path("id").asLong()).isEqualTo(id);
    assertThat(row.path("start_date").isNumber()).isTrue();
    assertThat(row.path("extra_env").path(0).isArray()).isTrue();
    assertThat(row.has("ports") && row.path("ports").isNull()).isFalse();
    String chosen = "&select_cols=" + quoted("['id', 'actual_status', 'no_such_column']");
    assertThat(ok("GET", path + chosen, "").path("instances").path(0).toString())
        .contains("\"no_such_column\":null");
  }

  @Test
  void the_list_is_filtered_as_by_status_label_and_card() throws Exception {
    long id = create();
    JsonNode filters = ok("GET", "/api/v0/instances/filters/", "");
    assertThat(filters.path("filters").path(0).has("gpu_name")).isTrue();
    String by =
        "{'label': {'in': [null]}, 'gpu_name': {'in': ['"
            + rig.show(id).path("gpu_name").asText()
            + "']}}";
    String path = "/api/v1/instances/?select_filters=" + quoted(by);
    assertThat(ok("GET", path, "").path("instances_found").asInt()).isEqualTo(1);
    String none = "/api/v1/instances/?select_filters=" + quoted("{'label': {'eq': 'other'}}");
    assertThat(ok("GET", none, "").path("instances_found").asInt()).isZero();
    String computed = "/api/v1/instances/?select_filters=" + quoted("{'dph_total': {'lt': 1}}");
    refused(400, "invalid_request", rig.send("GET", computed, ""));
    refused(400, "invalid_token", rig.send("GET", "/api/v1/instances/?after_token=!", ""));
    refused(410, "deprecated_endpoint", rig.send("GET", "/api/v0/instances/?owner=me", ""));
  }

  @Test
  void one_instance_is_under_a_plural_key_and_null_when_gone() throws Exception {
    long id = create();
    JsonNode one = ok("GET", "/api/v0/instances/" + id + "/?owner=me", "");
    assertThat(one.path("instances").path("id").asLong()).isEqualTo(id);
    JsonNode none = ok("GET", "/api/v0/instances/999999/?owner=me", "");
    assertThat(none.path("instances").isNull()).isTrue();
  }

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

  private String fetched(JsonNode answer) throws Exception {
    HttpResponse<String> result = rig.send("GET", answer.path("result_url").asText(), "", "");
    assertThat(result.statusCode()).isEqualTo(200);
    return result.body();
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
