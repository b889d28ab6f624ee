package dev.salvor.controller.sandbox.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets a machine: strangers, bids against bids, and on demand against all of them.
final class SandboxAuctionTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private MarketRig rig;

  @TempDir private Path dir;

  @BeforeEach
  void open() throws Exception {
    rig = MarketRig.open(dir);
  }

  private JsonNode offerOf(long machine, String type) throws Exception {
    String query =
        "{'type':'"
            + type
            + "','gpu_frac':{'eq':1},'machine_id':{'eq':"
            + machine
            + "},'rented':{'eq':true}}";
    return rig.market.search(MarketRig.json(query)).path("offers").path(0);
  }

  private long create(JsonNode offer, String price) throws Exception {
    String body = "{'image':'i','disk':10,'price':" + price + "}";
    return rig.market
        .create(offer.path("id").asLong(), MarketRig.json(body))
        .path("new_contract")
        .asLong();
  }

  @Test
  void what_the_account_has_is_offered_to_it_only_when_asked_for() throws Exception {
    long id = rig.rentRunning();
    long machine = rig.row(id).path("machine_id").asLong();
    String plain = "{'type':'bid','machine_id':{'eq':" + machine + "}}";
    assertThat(rig.market.search(MarketRig.json(plain)).path("offers")).isEmpty();
    JsonNode offer = offerOf(machine, "bid");
    assertThat(offer.path("rented").asBoolean()).isTrue();
    assertThat(offer.path("min_bid").asDouble())
        .isGreaterThan(rig.row(id).path("dph_base").asDouble());
  }

  @Test
  void on_demand_beats_any_bid() throws Exception {
    long bidder = rig.rentRunning();
    rig.market.bid(bidder, MarketRig.json("31"));
    long machine = rig.row(bidder).path("machine_id").asLong();
    long payer = create(offerOf(machine, "on-demand"), "null");
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(bidder)).isEqualTo("exited");
    assertThat(rig.row(bidder).path("status_msg").asText()).contains("outbid");
    assertThat(rig.status(payer)).isEqualTo("running");
    rig.market.destroy(payer);
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(bidder)).as("back on the same machine").isEqualTo("running");
    assertThat(rig.row(bidder).path("machine_id").asLong()).isEqualTo(machine);
  }

  @Test
  void a_higher_bid_takes_the_gpus_and_an_equal_one_does_not() throws Exception {
    long first = rig.rentRunning();
    long machine = rig.row(first).path("machine_id").asLong();
    double has = rig.row(first).path("dph_base").asDouble();
    JsonNode offer = offerOf(machine, "bid");
    assertThatThrownBy(() -> create(offer, Double.toString(has))).isInstanceOf(Refusal.class);
    long second = create(offerOf(machine, "bid"), Double.toString(has * 1.1));
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(first)).isEqualTo("exited");
    assertThat(rig.status(second)).isEqualTo("running");
  }

  @Test
  void strangers_come_and_go_by_the_seed() {
    Machine machine = Machine.market(7).getFirst();
    var rivals = new Rivals(100);
    List<Boolean> there = new ArrayList<>();
    int onDemand = 0;
    for (int second = 0; second < 20_000; second++) {
      var rival = rivals.at(machine, 7, second);
      assertThat(rival).isEqualTo(rivals.at(machine, 7, second));
      there.add(rival.isPresent());
      onDemand += rival.filter(Rivals.Rival::onDemand).isPresent() ? 1 : 0;
    }
    assertThat(there.stream().filter(b -> b).count()).isBetween(4_000L, 16_000L);
    assertThat(onDemand).isBetween(500, 8_000);
    List<Boolean> others = new ArrayList<>();
    for (int second = 0; second < 20_000; second++) {
      others.add(rivals.at(machine, 8, second).isPresent());
    }
    assertThat(others).isNotEqualTo(there);
    assertThat(Rivals.NONE.at(machine, 7, 50)).isEmpty();
  }

  @Test
  void a_low_bid_is_outbid_by_strangers_and_comes_back_when_they_go(@TempDir Path other)
      throws Exception {
    rig = MarketRig.open(other, new Rivals(60));
    long id = rig.rentRunning();
    int outbid = 0;
    boolean was = true;
    boolean cameBack = false;
    for (int i = 0; i < 1_200; i++) {
      rig.pass(SECOND);
      boolean runs = rig.status(id).equals("running");
      outbid += was && !runs ? 1 : 0;
      cameBack |= !was && runs;
      was = runs;
    }
    assertThat(outbid).isPositive();
    assertThat(cameBack).isTrue();
  }

  @Test
  void a_fault_may_be_left_to_chance_and_to_a_time() throws Exception {
    long id = rig.rentRunning();
    rig.fault("{'kind':'crash','at_s':5}");
    rig.pass(Duration.ofSeconds(4));
    assertThat(rig.status(id)).isEqualTo("running");
    rig.pass(Duration.ofSeconds(2));
    assertThat(rig.status(id)).isEqualTo("exited");
    assertThat(strikes(7)).isEqualTo(strikes(7)).isNotEqualTo(strikes(8));
    assertThat(strikes(7).stream().filter(b -> b).count()).isBetween(20L, 60L);
  }

  private static List<Boolean> strikes(long seed) {
    List<Boolean> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(Chance.comes(seed, 0, i, 0.2));
    }
    return all;
  }

  @Test
  void a_box_can_fall_silent_lose_its_keys_refuse_ssh_and_hide_its_ports() throws Exception {
    rig.market.keys().create("ssh-ed25519 AAAA me");
    long id = rig.rentRunning();
    rig.fault(
        "[{'kind':'unknown','for_s':2},{'kind':'keys_vanish'},{'kind':'ssh_refused','for_s':3}]");
    rig.fault("{'kind':'no_ports','for_s':600}");
    rig.pass(SECOND);
    assertThat(rig.status(id)).isEqualTo("unknown");
    assertThat(rig.row(id).has("ports")).isFalse();
    assertThat(rig.market.keys().listOf(id).path("ssh_keys").asText()).isEqualTo("[]");
    assertThat(rig.host.done).contains("shut " + id);
    rig.pass(Duration.ofSeconds(3));
    assertThat(rig.status(id)).isEqualTo("running");
  }

  @Test
  void an_offer_can_be_gone_and_a_volume_is_billed_and_comes_to_the_box() throws Exception {
    rig.fault("{'kind':'no_such_ask'}");
    JsonNode offer = rig.offer(false);
    assertThatThrownBy(() -> create(offer, "null")).hasMessageContaining("no_such_ask");
    String body =
        "{'image':'i','disk':10,'price':null,'volume_info':{'mount_path':'/data',"
            + "'create_new':true,'size':30,'name':'cache'}}";
    long id =
        rig.market
            .create(offer.path("id").asLong(), MarketRig.json(body))
            .path("new_contract")
            .asLong();
    rig.pass(Duration.ofSeconds(2));
    long volume = rig.market.volumes().list().path("volumes").path(0).path("id").asLong();
    assertThat(rig.host.running)
        .hasEntrySatisfying(
            id, order -> assertThat(order.volumes()).containsEntry(volume, "/data"));
    rig.market.destroy(id);
    double before = rig.market.credit();
    rig.leap(Duration.ofDays(1));
    assertThat(rig.market.credit()).isLessThan(before);
    assertThat(rig.reopened().market.volumes().list().path("volumes")).hasSize(1);
  }
}
