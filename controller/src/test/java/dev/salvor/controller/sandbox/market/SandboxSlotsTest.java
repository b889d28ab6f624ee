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

/// A machine with several GPUs is let in parts, and a part is started again on its own GPUs alone.
final class SandboxSlotsTest {
  private static final Duration UP = Duration.ofSeconds(2);
  private MarketRig rig;
  private long machine;

  @TempDir private Path dir;

  @BeforeEach
  void open() throws Exception {
    rig = MarketRig.open(dir);
    machine =
        Machine.market(7).stream().filter(one -> one.gpus() == 4).findFirst().orElseThrow().id();
  }

  @Test
  void slots_of_a_machine_are_all_its_halves_and_quarters() {
    assertThat(Slot.of(4))
        .containsExactly(
            new Slot(0, 4),
            new Slot(0, 2),
            new Slot(2, 2),
            new Slot(0, 1),
            new Slot(1, 1),
            new Slot(2, 1),
            new Slot(3, 1));
    for (int i = 0; i < 15; i++) {
      assertThat(Slot.of(8).get(i).number(8)).isEqualTo(i);
    }
    assertThat(new Slot(2, 2).overlaps(new Slot(3, 1))).isTrue();
    assertThat(new Slot(2, 2).overlaps(new Slot(1, 1))).isFalse();
  }

  @Test
  void each_size_is_offered_once_with_its_part_of_the_machine() throws Exception {
    JsonNode whole = offer(4);
    JsonNode one = offer(1);
    assertThat(one.path("dph_base").asDouble() * 4)
        .isCloseTo(
            whole.path("dph_base").asDouble(), org.assertj.core.data.Offset.offset(0.000_001));
    assertThat(one.path("gpu_frac").asDouble()).isEqualTo(0.25);
    assertThat(one.path("gpu_ids")).hasSize(1);
    assertThat(whole.path("gpu_ids")).hasSize(4);
    assertThat(one.path("gpu_ram")).isEqualTo(whole.path("gpu_ram"));
    assertThat(one.path("disk_space").asDouble()).isLessThan(whole.path("disk_space").asDouble());
    assertThat(one.path("id")).isNotEqualTo(whole.path("id"));
  }

  @Test
  void several_rentals_share_a_machine_until_its_gpus_are_gone() throws Exception {
    List<Long> boxes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      boxes.add(rent(1));
      assertThat(offers(4)).as("not whole any more").isEmpty();
    }
    rig.pass(UP);
    for (long box : boxes) {
      assertThat(rig.status(box)).isEqualTo("running");
      assertThat(rig.row(box).path("machine_id").asLong()).isEqualTo(machine);
      assertThat(rig.row(box).path("num_gpus").asInt()).isEqualTo(1);
      assertThat(rig.host.running)
          .hasEntrySatisfying(
              box, order -> assertThat(order.env()).containsEntry("GPU_COUNT", "1"));
    }
    assertThat(offers(1)).isEmpty();
    rig.market.destroy(boxes.get(1));
    assertThat(offers(1)).hasSize(1);
    assertThat(offers(2)).isEmpty();
    rig.market.destroy(boxes.get(0));
    assertThat(offers(2)).hasSize(1);
  }

  @Test
  void an_ask_is_taken_once_and_the_others_of_its_machine_stand() throws Exception {
    JsonNode two = offer(2);
    long first = create(two.path("id").asLong());
    assertThatThrownBy(() -> create(two.path("id").asLong())).hasMessageContaining("no_such_ask");
    JsonNode other = offer(2);
    long second = create(other.path("id").asLong());
    rig.pass(UP);
    assertThat(rig.status(first)).isEqualTo("running");
    assertThat(rig.status(second)).isEqualTo("running");
  }

  @Test
  void a_whole_of_which_a_part_is_gone_is_cancelled_or_parked_as_its_customer_said()
      throws Exception {
    long whole = offer(4).path("id").asLong();
    long part = rent(1);
    rig.pass(UP);
    assertThatThrownBy(() -> create(whole, "'cancel_unavail':true"))
        .hasMessageContaining("no_such_ask");
    assertThatThrownBy(() -> create(whole)).as("the usual").hasMessageContaining("no_such_ask");
    long parked = create(whole, "'cancel_unavail':false");
    rig.pass(UP);
    assertThat(rig.status(parked)).isEqualTo("exited");
    assertThat(rig.row(parked).path("intended_status").asText()).isEqualTo("stopped");
    rig.market.destroy(part);
    rig.pass(UP);
    assertThat(rig.status(parked))
        .as("and it bills its disk until somebody looks")
        .isEqualTo("exited");
  }

  private long create(long ask, String more) throws Exception {
    return rig.market
        .create(ask, MarketRig.json("{'image':'i','disk':10,'price':null," + more + "}"))
        .path("new_contract")
        .asLong();
  }

  @Test
  void a_stopped_box_starts_again_on_its_own_gpus_or_not_at_all() throws Exception {
    long box = rent(1);
    rig.pass(UP);
    rig.market.setState(box, "stopped");
    // Its place is let to another; three more are free.
    long other = rent(1);
    rig.pass(UP);
    assertThat(offers(1)).hasSize(1);
    assertThat(rig.market.setState(box, "running").path("success").asBoolean()).isFalse();
    rig.pass(UP);
    assertThat(rig.status(box)).isEqualTo("exited");
    rig.market.destroy(other);
    rig.pass(UP);
    assertThat(rig.status(box)).as("queued until its own GPU was free").isEqualTo("running");
  }

  @Test
  void what_is_rented_is_known_after_a_restart() throws Exception {
    long box = rent(2);
    rig.pass(UP);
    MarketRig again = rig.reopened();
    assertThat(again.row(box).path("num_gpus").asInt()).isEqualTo(2);
  }

  private long rent(int gpus) throws Exception {
    return create(offer(gpus).path("id").asLong());
  }

  private long create(long ask) throws Exception {
    return rig.market
        .create(ask, MarketRig.json("{'image':'i','disk':10,'price':null}"))
        .path("new_contract")
        .asLong();
  }

  private JsonNode offer(int gpus) throws Exception {
    assertThat(offers(gpus)).hasSize(1);
    return offers(gpus).path(0);
  }

  private JsonNode offers(int gpus) throws Exception {
    String query =
        "{'type':'on-demand','machine_id':{'eq':" + machine + "},'num_gpus':{'eq':" + gpus + "}}";
    return rig.market.search(MarketRig.json(query)).path("offers");
  }
}
