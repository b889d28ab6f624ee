package dev.salvor.controller.sandbox.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The auction, the meter, the stages and every fault, on a clock moved by hand.
final class SandboxMarketTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private MarketRig rig;

  @TempDir private Path dir;

  @BeforeEach
  void open() throws Exception {
    rig = MarketRig.open(dir);
  }

  private void bid(long id, double price) throws Exception {
    rig.market.bid(id, MarketRig.json(Double.toString(price)));
  }

  @Test
  void an_instance_comes_up_by_the_platforms_words() throws Exception {
    long id = rig.rent();
    assertThat(rig.status(id)).isEqualTo("created");
    assertThat(rig.row(id).path("intended_status").asText()).isEqualTo("running");
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(id)).isEqualTo("running");
    assertThat(String.join("\n", rig.log()))
        .contains("\"to\":\"loading\"")
        .contains("\"kind\":\"box_started\"");
  }

  @Test
  void the_same_seed_makes_the_same_market(@TempDir Path other) throws Exception {
    var twin = MarketRig.open(other);
    assertThat(twin.offer(true)).isEqualTo(rig.offer(true));
  }

  @Test
  void a_stopped_instance_stays_down_and_its_disk_stays() throws Exception {
    long id = rig.rentRunning();
    rig.market.setState(id, "stopped");
    rig.pass(SECOND);
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.host.disks).contains(id);
    rig.market.setState(id, "running");
    assertThat(rig.status(id)).as("exited lingers after a start").isEqualTo("exited");
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void destroy_takes_row_and_disk() throws Exception {
    long id = rig.rentRunning();
    rig.market.destroy(id);
    assertThat(rig.row(id).isNull()).isTrue();
    assertThat(rig.host.disks).isEmpty();
    assertThat(rig.log().getLast()).contains("\"kind\":\"destroyed\"");
  }

  @Test
  void an_outbid_instance_comes_back_when_its_bid_wins_again() throws Exception {
    rig.fault("{'kind':'outbid','trigger':{'after_running_s':3},'factor':2}");
    long id = rig.rentRunning();
    rig.pass(Duration.ofSeconds(4));
    JsonNode row = rig.row(id);
    assertThat(row.path("actual_status").asText()).isEqualTo("exited");
    assertThat(row.path("intended_status").asText()).isEqualTo("running");
    assertThat(row.path("min_bid").asDouble()).isGreaterThan(row.path("dph_base").asDouble());
    assertThat(rig.host.running).isEmpty();
    bid(id, row.path("min_bid").asDouble());
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void an_outbid_instance_comes_back_when_the_rival_goes() throws Exception {
    rig.fault("{'kind':'outbid','rival_stays_s':5}");
    long id = rig.rentRunning();
    assertThat(rig.status(id)).isEqualTo("exited");
    rig.pass(Duration.ofSeconds(8));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void an_explicit_stop_keeps_an_outbid_instance_down() throws Exception {
    rig.fault("{'kind':'outbid','rival_stays_s':2}");
    long id = rig.rentRunning();
    rig.market.setState(id, "stopped");
    rig.pass(Duration.ofSeconds(8));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.host.running).isEmpty();
  }

  @Test
  void a_fault_that_waits_for_a_path_strikes_once_it_is_there() throws Exception {
    rig.fault("{'kind':'outbid','trigger':{'path_regex':'step[-_](\\\\d+)','reaches':5}}");
    long id = rig.rentRunning();
    rig.host.names.put(id, "step_4");
    rig.pass(SECOND);
    assertThat(rig.status(id)).isEqualTo("running");
    rig.host.names.put(id, "step_5");
    rig.pass(Duration.ofMillis(100));
    assertThat(rig.status(id)).isEqualTo("exited");
    bid(id, rig.row(id).path("min_bid").asDouble());
    rig.pass(Duration.ofSeconds(5));
    assertThat(rig.status(id)).as("only once").isEqualTo("running");
  }

  @Test
  void an_offline_host_comes_back_with_its_instance() throws Exception {
    long id = rig.rentRunning();
    rig.fault("{'kind':'host_offline','instance':" + id + ",'for_s':5}");
    rig.pass(SECOND);
    assertThat(rig.status(id)).isEqualTo("offline");
    assertThat(rig.host.running).isEmpty();
    rig.pass(Duration.ofSeconds(8));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void an_instance_stopped_while_its_host_is_away_stays_offline_and_then_down() throws Exception {
    long id = rig.rentRunning();
    rig.fault("{'kind':'host_offline','for_s':5}");
    rig.pass(SECOND);
    rig.market.setState(id, "stopped");
    assertThat(rig.status(id)).isEqualTo("offline");
    rig.pass(Duration.ofSeconds(8));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.host.running).isEmpty();
  }

  @Test
  void a_price_change_reaches_new_offers_and_outbids_old_bids() throws Exception {
    long id = rig.rentRunning();
    rig.fault("{'kind':'price_change','factor':3}");
    rig.pass(SECOND);
    assertThat(rig.status(id)).isEqualTo("exited");
  }

  @Test
  void a_contracts_end_stops_for_good() throws Exception {
    long id = rig.rentRunning();
    rig.fault("{'kind':'contract_end','for_s':1}");
    rig.pass(Duration.ofSeconds(5));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThatThrownBy(() -> rig.market.setState(id, "running")).isInstanceOf(Refusal.class);
  }

  @Test
  void stuck_loading_and_stuck_scheduling_start_no_box() throws Exception {
    rig.fault("[{'kind':'stuck_loading'},{'kind':'stuck_scheduling'}]");
    long unscheduled = rig.rent();
    long loading = rig.rent();
    rig.pass(Duration.ofSeconds(30));
    assertThat(rig.row(unscheduled).path("actual_status").isNull()).isTrue();
    assertThat(rig.status(loading)).isEqualTo("loading");
    assertThat(rig.host.running).isEmpty();
  }

  @Test
  void a_queued_start_says_so_and_comes_later() throws Exception {
    long id = rig.rentRunning();
    rig.market.setState(id, "stopped");
    rig.fault("{'kind':'start_queued','for_s':5}");
    JsonNode answer = rig.market.setState(id, "running");
    assertThat(answer.path("success").asBoolean(true)).isFalse();
    assertThat(answer.path("msg").asText()).contains("state change queued");
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(id)).isEqualTo("exited");
    rig.pass(Duration.ofSeconds(6));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void gpus_that_another_instance_took_queue_a_start() throws Exception {
    long first = rig.rentRunning();
    rig.market.setState(first, "stopped");
    long second = rig.rentRunning();
    assertThat(rig.row(second).path("machine_id")).isEqualTo(rig.row(first).path("machine_id"));
    JsonNode answer = rig.market.setState(first, "running");
    assertThat(answer.path("success").asBoolean(true)).isFalse();
    rig.market.destroy(second);
    rig.pass(Duration.ofSeconds(3));
    assertThat(rig.status(first)).isEqualTo("running");
  }

  @Test
  void a_stale_list_is_the_list_of_then() throws Exception {
    rig.pass(Duration.ofSeconds(60));
    long id = rig.rent();
    rig.fault("{'kind':'stale_list','seconds':30}");
    var query =
        new InstanceQuery(MarketRig.json("{}"), MarketRig.json("[]"), MarketRig.json("[]"), 25, "");
    assertThat(rig.market.list(query).path("instances")).isEmpty();
    assertThat(rig.market.list(query).path("instances").path(0).path("id").asLong()).isEqualTo(id);
  }

  @Test
  void the_meter_takes_gpus_while_running_and_the_disk_always() throws Exception {
    long id = rig.rentRunning();
    double before = rig.market.credit();
    rig.leap(Duration.ofHours(2));
    double perHour = rig.row(id).path("dph_total").asDouble();
    assertThat(before - rig.market.credit()).isCloseTo(2 * perHour, within(1e-6));
    rig.market.setState(id, "stopped");
    double stopped = rig.market.credit();
    rig.leap(Duration.ofHours(10));
    double disk = rig.row(id).path("storage_total_cost").asDouble();
    assertThat(stopped - rig.market.credit()).isCloseTo(10 * disk, within(1e-6));
  }

  @Test
  void without_credit_nothing_runs() throws Exception {
    long id = rig.rentRunning();
    rig.leap(Duration.ofDays(400));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.host.running).isEmpty();
  }

  @Test
  void a_box_that_ends_by_itself_is_exited_and_stays_so() throws Exception {
    long id = rig.rentRunning();
    rig.host.running.clear();
    rig.pass(Duration.ofSeconds(5));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.row(id).path("intended_status").asText()).isEqualTo("running");
  }

  @Test
  void a_box_that_cannot_start_says_why() throws Exception {
    rig.host.failsToStart = true;
    long id = rig.rentRunning();
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(rig.row(id).path("status_msg").asText()).contains("no room");
  }

  @Test
  void a_reopened_market_carries_on_with_what_runs() throws Exception {
    rig.fault("{'kind':'outbid','trigger':{'after_running_s':60}}");
    long id = rig.rentRunning();
    var again = rig.reopened();
    again.pass(SECOND);
    assertThat(again.status(id)).isEqualTo("running");
    assertThat(again.host.done).containsExactly("start " + id);
    again.pass(Duration.ofSeconds(60));
    assertThat(again.status(id)).as("faults are kept too").isEqualTo("exited");
  }

  @Test
  void a_reopened_market_starts_again_what_died_meanwhile() throws Exception {
    long id = rig.rentRunning();
    rig.host.running.clear();
    var again = rig.reopened();
    again.pass(Duration.ofSeconds(3));
    assertThat(again.status(id)).isEqualTo("running");
  }

  @Test
  void a_disk_in_no_book_is_removed() throws Exception {
    rig.host.disks.add(9L);
    rig.reopened();
    assertThat(rig.host.disks).isEmpty();
  }

  @Test
  void wrong_faults_are_all_told_and_none_is_armed() throws Exception {
    var problems = new ArrayList<String>();
    int armed =
        rig.market.addFaults(
            MarketRig.json("[{'kind':'outbid'},{'kind':'flood'},{'kind':'outbid','wat':1}]"),
            problems);
    assertThat(armed).isZero();
    assertThat(problems)
        .hasSize(2)
        .anyMatch(p -> p.contains("flood"))
        .anyMatch(p -> p.contains("wat"));
    long id = rig.rentRunning();
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void damaged_books_are_not_written_over() throws Exception {
    rig.rent();
    Path file = dir.resolve("state.json");
    Files.writeString(file, "{\"version\":1,");
    assertThatThrownBy(rig::reopened).hasMessageContaining("damaged");
    assertThat(Files.readString(file)).isEqualTo("{\"version\":1,");
  }
}
