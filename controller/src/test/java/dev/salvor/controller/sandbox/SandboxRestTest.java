package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The dialect: shapes of requests, answers and errors, with no box involved.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SandboxRestTest {
  private static final String OFFER_FIELDS =
      "id ask_contract_id bundle_id bundled_results bw_nvlink compute_cap cpu_arch cpu_cores"
          + " cpu_cores_effective cpu_ghz cpu_name cpu_ram credit_discount_max cuda_max_good"
          + " direct_port_count disk_bw disk_name disk_space dlperf dlperf_per_dphtotal dph_base"
          + " dph_total driver_version driver_vers duration end_date external flops_per_dphtotal"
          + " geolocation geolocode gpu_arch gpu_display_active gpu_frac gpu_ids gpu_lanes"
          + " gpu_mem_bw gpu_name gpu_ram gpu_total_ram gpu_max_power gpu_max_temp has_avx host_id"
          + " hosting_type hostname inet_down inet_down_cost inet_up inet_up_cost is_bid logo"
          + " machine_id min_bid mobo_name num_gpus os_version pci_gen pcie_bw public_ipaddr"
          + " reliability reliability_mult rentable rented score start_date static_ip storage_cost"
          + " storage_total_cost total_flops verification vericode vram_costperhour webpage"
          + " vms_enabled expected_reliability is_vm_deverified resource_type cluster_id"
          + " avail_vol_ask_id avail_vol_dph avail_vol_size nw_disk_min_bw nw_disk_max_bw"
          + " nw_disk_avg_bw rn dph_total_adj reliability2 discount_rate discounted_hourly"
          + " discounted_dph_total search instance time_remaining time_remaining_isbid"
          + " internet_up_cost_per_tb internet_down_cost_per_tb";

  private static final String INSTANCE_FIELDS =
      "id actual_status intended_status cur_state next_state status_msg label start_date end_date"
          + " duration uptime_mins time_remaining time_remaining_isbid image_uuid image_args"
          + " image_runtype extra_env onstart template_id template_hash_id template_name"
          + " jupyter_token ssh_host ssh_port ssh_idx machine_dir_ssh_port public_ipaddr"
          + " local_ipaddrs direct_port_count direct_port_start direct_port_end static_ip"
          + " geolocation country_code inet_up inet_down inet_up_cost inet_down_cost"
          + " internet_up_cost_per_tb internet_down_cost_per_tb machine_id host_id bundle_id"
          + " hosting_type verification rentable external cluster_id cpu_name cpu_arch cpu_cores"
          + " cpu_cores_effective cpu_ram gpu_name num_gpus gpu_arch gpu_ram gpu_totalram gpu_frac"
          + " gpu_lanes gpu_mem_bw bw_nvlink pcie_bw pci_gen mobo_name os_version disk_name disk_bw"
          + " cuda_max_good driver_version dlperf dlperf_per_dphtotal flops_per_dphtotal"
          + " total_flops score reliability2 logo webpage gpu_util gpu_temp cpu_util mem_usage"
          + " mem_limit vmem_usage disk_space disk_usage disk_util dph_base dph_total is_bid"
          + " min_bid storage_cost storage_total_cost vram_costperhour credit_balance"
          + " credit_discount credit_discount_max search instance client_run_time host_run_time"
          + " volume_info";

  private SandboxRig rig;

  @BeforeAll
  void open(@TempDir Path home) throws Exception {
    rig = SandboxRig.open(home, SandboxRig.manner(false, true));
  }

  @AfterAll
  void close() throws Exception {
    rig.close();
  }

  private static final String STOPPED = "\"target_state\":\"stopped\"";

  private JsonNode offers(String query) throws Exception {
    return rig.call("POST", "/api/v0/bundles/", query).path("offers");
  }

  private long ask(String type) throws Exception {
    return rig.offer(type).path("id").asLong();
  }

  private void assertRefused(HttpResponse<String> answer, int status, String code)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode body = SandboxRig.JSON.readTree(answer.body());
    assertThat(body.path("success").asBoolean(true)).isFalse();
    assertThat(body.path("error").asText()).isEqualTo(code);
    assertThat(body.path("msg").asText()).isNotEmpty();
  }

  @Test
  void a_bad_key_is_404_and_a_missing_one_403() throws Exception {
    assertRefused(rig.send("GET", "/api/v0/users/current", "", "nonsense"), 404, "auth_error");
    assertRefused(rig.send("GET", "/api/v0/users/current", "", ""), 403, "auth_error");
  }

  @Test
  void both_forms_of_key_and_of_slash_are_taken() throws Exception {
    String inUrl = "/api/v0/users/current/?api_key=" + rig.key;
    assertThat(rig.send("GET", inUrl, "", "").statusCode()).isEqualTo(200);
    assertThat(rig.get("/api/v1/instances").path("success").asBoolean()).isTrue();
    assertThat(rig.get("/api/v1/instances/").path("success").asBoolean()).isTrue();
  }

  @Test
  void content_type_is_bare_json() throws Exception {
    var answer = rig.send("POST", "/api/v0/bundles/", "{}");
    assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
  }

  @Test
  void the_old_list_is_gone() throws Exception {
    assertRefused(rig.send("GET", "/api/v0/instances/", ""), 410, "deprecated_endpoint");
  }

  @Test
  void a_body_that_is_no_json_is_refused() throws Exception {
    assertRefused(rig.send("POST", "/api/v0/bundles/", "{nope"), 400, "invalid_args");
  }

  @Test
  void offers_have_every_field_and_stop_at_64() throws Exception {
    JsonNode all = offers("{}");
    assertThat(all).hasSize(64);
    assertThat(offers("{\"limit\":200}").size()).isGreaterThan(64);
    for (String field : List.of(OFFER_FIELDS.split(" ", -1))) {
      assertThat(all.get(0).has(field)).as(field).isTrue();
    }
    assertThat(all.get(0).path("driver_version").isTextual()).isTrue();
    assertThat(all.get(0).path("driver_vers").isIntegralNumber()).isTrue();
    assertThat(all.get(0).path("duration").isNumber()).isTrue();
  }

  @Test
  void hosts_open_many_direct_ports_few_or_none() throws Exception {
    JsonNode none = offers("{\"limit\":200,\"direct_port_count\":{\"lt\":1}}");
    JsonNode some = offers("{\"limit\":200,\"direct_port_count\":{\"gte\":1}}");
    assertThat(none).isNotEmpty();
    assertThat(some.size()).isGreaterThan(none.size());
    assertThat(some.findValuesAsText("direct_port_count").stream().distinct().count())
        .isGreaterThan(2);
  }

  @Test
  void filters_compare_numbers_that_are_written_as_text() throws Exception {
    JsonNode big =
        offers(
            "{\"gpu_ram\":{\"gte\":\"40000\"},\"num_gpus\":{\"in\":[\"1\",\"2\"]},\"limit\":200}");
    assertThat(big).isNotEmpty();
    for (JsonNode row : big) {
      assertThat(row.path("gpu_ram").asLong()).isGreaterThanOrEqualTo(40_000);
      assertThat(row.path("num_gpus").asInt()).isIn(1, 2);
    }
  }

  @Test
  void verified_is_a_filter_though_no_field() throws Exception {
    for (JsonNode row : offers("{\"verified\":{\"eq\":true},\"limit\":200}")) {
      assertThat(row.path("verification").asText()).isEqualTo("verified");
    }
    assertThat(offers("{\"verified\":{\"eq\":false},\"limit\":200}")).isNotEmpty();
  }

  @Test
  void places_are_matched_by_two_letters() throws Exception {
    for (JsonNode row : offers("{\"geolocation\":{\"notin\":[\"US\",\"SE\"]},\"limit\":200}")) {
      assertThat(row.path("geolocation").asText()).doesNotEndWith("US").doesNotEndWith("SE");
    }
  }

  @Test
  void an_id_matches_nothing_but_an_ask_does() throws Exception {
    long ask = ask("bid");
    assertThat(offers("{\"id\":{\"eq\":" + ask + "}}")).isEmpty();
    assertThat(offers("{\"ask_contract_id\":{\"eq\":" + ask + "}}")).hasSize(1);
  }

  @Test
  void offers_come_in_the_order_asked_for() throws Exception {
    var prices = new ArrayList<Double>();
    offers("{\"type\":\"bid\",\"order\":[[\"dph_total\",\"desc\"]]}")
        .forEach(row -> prices.add(row.path("dph_total").asDouble()));
    assertThat(prices).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void a_bid_offer_costs_its_least_bid() throws Exception {
    JsonNode row = rig.offer("bid");
    assertThat(row.path("is_bid").asBoolean()).isTrue();
    assertThat(row.path("dph_base").asDouble()).isEqualTo(row.path("min_bid").asDouble());
  }

  @Test
  void the_nested_search_answers_the_same() throws Exception {
    JsonNode nested =
        rig.call("PUT", "/api/v0/search/asks/", "{\"select_cols\":[\"*\"],\"q\":{\"limit\":3}}");
    assertThat(nested.path("offers")).hasSize(3);
  }

  @Test
  void an_ask_can_be_taken_once() throws Exception {
    long ask = ask("on-demand");
    String body = "{\"image\":\"i\",\"price\":null," + STOPPED + "}";
    assertThat(rig.call("PUT", "/api/v0/asks/" + ask + "/", body).path("success").asBoolean())
        .isTrue();
    var again = rig.send("PUT", "/api/v0/asks/" + ask + "/", body);
    assertRefused(again, 400, "invalid_args");
    assertThat(again.body()).contains("no_such_ask").contains("\"ask_id\":" + ask);
  }

  @Test
  void a_low_bid_fails_and_still_leaves_an_instance() throws Exception {
    var answer =
        rig.send("PUT", "/api/v0/asks/" + ask("bid") + "/", "{\"image\":\"i\",\"price\":0.001}");
    assertRefused(answer, 400, "invalid_price");
    long left = SandboxRig.JSON.readTree(answer.body()).path("new_contract").asLong();
    JsonNode row = rig.show(left);
    assertThat(row.path("actual_status").asText()).isEqualTo("exited");
    assertThat(row.path("intended_status").asText()).isEqualTo("stopped");
  }

  @Test
  void scripts_over_4096_characters_together_are_refused() throws Exception {
    String body =
        "{\"image\":\"i\",\"onstart\":\""
            + "x".repeat(4000)
            + "\",\"args\":[\""
            + "y".repeat(97)
            + "\"]}";
    assertRefused(rig.send("PUT", "/api/v0/asks/" + ask("bid") + "/", body), 400, "invalid_args");
  }

  @Test
  void env_is_an_object_and_comes_back_as_pairs() throws Exception {
    long id = rig.rent("", "\"env\":{\"A\":\"1\",\"-p 8080:8080\":\"1\"}," + STOPPED);
    JsonNode env = rig.show(id).path("extra_env");
    assertThat(env.toString()).contains("[\"A\",\"1\"]").contains("[\"-p 8080:8080\",\"1\"]");
    long other = rig.rent("", "\"env\":\"A=1\"," + STOPPED);
    assertThat(rig.show(other).path("extra_env")).isEmpty();
  }

  @Test
  void an_instance_has_every_field_and_no_ports_while_down() throws Exception {
    JsonNode row = rig.show(rig.rent("", STOPPED));
    for (String field : List.of(INSTANCE_FIELDS.split(" ", -1))) {
      assertThat(row.has(field)).as(field).isTrue();
    }
    assertThat(row.has("ports")).isFalse();
    assertThat(row.path("start_date").isNumber()).isTrue();
    assertThat(row.path("public_ipaddr").asText()).endsWith("\n");
  }

  @Test
  void a_missing_instance_is_null_with_200_and_404_to_destroy() throws Exception {
    var answer = rig.send("GET", "/api/v0/instances/999999/", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"instances\":null}");
    assertRefused(rig.send("DELETE", "/api/v0/instances/999999/", "{}"), 404, "no_such_instance");
  }

  @Test
  void the_list_comes_in_pages_of_25() throws Exception {
    for (int i = 0; i < 26; i++) {
      rig.rent("", STOPPED + ",\"label\":\"paged\"");
    }
    String filter = URLEncoder.encode("{\"label\":{\"eq\":\"paged\"}}", StandardCharsets.UTF_8);
    String list = "/api/v1/instances/?limit=100&select_filters=" + filter;
    JsonNode first = rig.get(list);
    assertThat(first.path("instances")).hasSize(25);
    assertThat(first.path("total_instances").asInt()).isEqualTo(26);
    assertThat(first.path("label_counts").path("paged").asInt()).isEqualTo(26);
    JsonNode second = rig.get(list + "&after_token=" + first.path("next_token").asText());
    assertThat(second.path("instances")).hasSize(1);
    assertThat(second.path("next_token").isNull()).isTrue();
    assertRefused(rig.send("GET", list + "&after_token=%21", ""), 400, "invalid_token");
  }

  @Test
  void the_list_refuses_computed_columns_and_unknown_operators() throws Exception {
    rig.rent("", STOPPED);
    String computed = URLEncoder.encode("{\"dph_total\":{\"lt\":1}}", StandardCharsets.UTF_8);
    assertRefused(
        rig.send("GET", "/api/v1/instances/?select_filters=" + computed, ""),
        400,
        "invalid_request");
    String unknown = URLEncoder.encode("{\"label\":{\"like\":1}}", StandardCharsets.UTF_8);
    assertRefused(
        rig.send("GET", "/api/v1/instances/?select_filters=" + unknown, ""),
        400,
        "invalid_request");
  }

  @Test
  void selected_columns_only_and_unknown_ones_as_null() throws Exception {
    rig.rent("", STOPPED);
    String columns = URLEncoder.encode("[\"id\",\"nonsense\"]", StandardCharsets.UTF_8);
    JsonNode row = rig.get("/api/v1/instances/?select_cols=" + columns).path("instances").path(0);
    assertThat(row.size()).isEqualTo(2);
    assertThat(row.path("nonsense").isNull()).isTrue();
  }

  @Test
  void a_label_can_be_changed_and_nothing_is_an_error() throws Exception {
    long id = rig.rent("", STOPPED);
    rig.call("PUT", "/api/v0/instances/" + id + "/", "{\"label\":\"new\"}");
    assertThat(rig.show(id).path("label").asText()).isEqualTo("new");
    assertRefused(rig.send("PUT", "/api/v0/instances/" + id + "/", "{}"), 400, "invalid_args");
  }

  @Test
  void a_bid_can_be_changed_on_an_interruptible_only() throws Exception {
    long spot = rig.rent("", STOPPED);
    rig.call(
        "PUT",
        "/api/v0/instances/bid_price/" + spot + "/",
        "{\"client_id\":\"me\",\"price\":0.77}");
    assertThat(rig.show(spot).path("dph_base").asDouble()).isEqualTo(0.77);
    String body = "{\"image\":\"i\"," + STOPPED + "}";
    long fixed =
        rig.call("PUT", "/api/v0/asks/" + ask("on-demand") + "/", body)
            .path("new_contract")
            .asLong();
    assertRefused(
        rig.send("PUT", "/api/v0/instances/bid_price/" + fixed + "/", "{\"price\":1}"),
        400,
        "invalid_args");
  }

  @Test
  void keys_are_listed_in_the_shapes_of_the_platform() throws Exception {
    JsonNode made = rig.call("POST", "/api/v0/ssh/", "{\"ssh_key\":\"ssh-ed25519 AAAA me@here\"}");
    assertThat(made.path("key").path("public_key").asText()).startsWith("ssh-ed25519");
    JsonNode list = rig.get("/api/v0/ssh/");
    assertThat(list.isArray()).isTrue();
    assertThat(list.path(0).path("key").asText()).isEqualTo("ssh-ed25519 AAAA me@here");
    long id = rig.rent("", STOPPED);
    rig.call("POST", "/api/v0/instances/" + id + "/ssh/", "{\"ssh_key\":\"ssh-ed25519 BBBB\"}");
    JsonNode attached = rig.get("/api/v0/instances/" + id + "/ssh/");
    assertThat(SandboxRig.JSON.readTree(attached.path("ssh_keys").asText())).hasSize(2);
  }

  @Test
  void a_boxs_own_key_is_good_for_its_own_box_only() throws Exception {
    JsonNode offer = rig.offer("bid");
    String body = "{\"image\":\"i\",\"price\":1," + STOPPED + "}";
    JsonNode made = rig.call("PUT", "/api/v0/asks/" + offer.path("id").asLong() + "/", body);
    String boxKey = made.path("instance_api_key").asText();
    long own = made.path("new_contract").asLong();
    long other = rig.rent("", STOPPED);
    String stop = "{\"state\":\"stopped\"}";
    assertThat(rig.send("PUT", "/api/v0/instances/" + own + "/", stop, boxKey).statusCode())
        .isEqualTo(200);
    assertRefused(
        rig.send("PUT", "/api/v0/instances/" + other + "/", stop, boxKey), 403, "not_authorized");
    assertRefused(rig.send("GET", "/api/v1/instances/", "", boxKey), 403, "not_authorized");
  }

  @Test
  void a_copy_answers_where_to_read_or_write() throws Exception {
    long id = rig.rent("", STOPPED);
    String up =
        "{\"client_id\":\"me\",\"src_id\":null,\"dst_id\":\""
            + id
            + "\",\"src_path\":\"/a\",\"dst_path\":\"/b\"}";
    JsonNode copy = rig.call("PUT", "/api/v0/commands/rsync/", up);
    assertThat(copy.path("dst_addr").asText()).isEqualTo("127.0.0.1");
    assertThat(copy.path("dst_port").asInt()).isPositive();
    String gone = "{\"client_id\":\"me\",\"src_id\":\"999999\",\"dst_id\":null}";
    assertRefused(rig.send("PUT", "/api/v0/commands/rsync/", gone), 404, "no_such_instance");
  }

  @Test
  void names_of_cards_need_no_key() throws Exception {
    var answer = rig.send("GET", "/api/v0/gpu_names/unique/", "", "");
    assertThat(SandboxRig.JSON.readTree(answer.body()).path("gpu_names")).hasSize(10);
  }
}
