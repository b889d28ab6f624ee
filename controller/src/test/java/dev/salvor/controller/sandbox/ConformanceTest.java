package dev.salvor.controller.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sections 2 and 3 of the platform's API as its own client uses it: offers, renting, listing.
final class ConformanceTest extends Conformance {
  /// Every column that the client prints of an offer.
  private static final List<String> OFFER_COLUMNS =
      List.of(
          ("id cuda_max_good num_gpus gpu_name pcie_bw cpu_ghz cpu_cores_effective cpu_ram gpu_ram"
                  + " disk_space dph_total dlperf dlperf_per_dphtotal score driver_version inet_up"
                  + " inet_down reliability duration machine_id verification host_id"
                  + " direct_port_count geolocation")
              .split(" "));

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
    JsonNode offers =
        ok("POST", "/api/v0/bundles/", "{'limit':2,'gpu_frac':{'eq':1}}").path("offers");
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
}
