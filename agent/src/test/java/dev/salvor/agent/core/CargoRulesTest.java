package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CargoRulesTest {
  private static final Unit ONE = Box.unit(1, 1);
  private static final Unit TWO = Box.unit(1, 2);
  private static final JobEnd END = new JobEnd(77, 0, JobEnd.Cause.DONE, List.of());

  @Test
  void rescans_every_second_but_never_two_at_once() {
    Box box = Box.running();
    box.on(new AgentEvent.UnitsFound(List.of()));
    assertThat(box.after(1_000).actions(Action.Rescan.class)).hasSize(1);

    assertThat(box.after(1_000).actions(Action.Rescan.class)).isEmpty();
  }

  @Test
  void unit_is_reported_once_even_if_the_catalog_tells_it_again() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of(ONE)));
    Box next = new Box(1, box.memory()).on(new AgentEvent.Started());

    next.on(new AgentEvent.UnitsFound(List.of(ONE, TWO)));

    assertThat(next.spooled()).containsExactly(new Report.UnitSeen(TWO));
  }

  @Test
  void quiesce_waits_for_the_end_then_settles_then_answers_with_the_position() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of(ONE)));
    box.after(2_000).order("q1", new Order.Quiesce());
    box.on(new AgentEvent.UnitsFound(List.of()));
    assertThat(box.actions(Action.Settle.class)).isEmpty();
    box.on(new AgentEvent.JobOver(END)).after(1_000);
    assertThat(box.actions(Action.Settle.class)).hasSize(1);

    box.on(new AgentEvent.CargoSettled(List.of(TWO)));

    assertThat(box.spooled()).endsWith(new Report.UnitSeen(TWO), new Report.Quiesced(1, 2, true));
  }

  @Test
  void quiesce_of_a_box_without_a_job_answers_at_once_with_position_0() {
    Box box = Box.up().order("q1", new Order.Quiesce());

    assertThat(box.spooled()).containsExactly(new Report.Quiesced(1, 0, false));
  }

  @Test
  void quiesce_survives_a_restart_of_the_agent() {
    Box box = Box.running().order("q1", new Order.Quiesce());
    Box next = new Box(1, box.memory()).on(new AgentEvent.Started());

    next.on(new AgentEvent.JobOver(END)).on(new AgentEvent.UnitsFound(List.of()));
    assertThat(next.actions(Action.Settle.class)).hasSize(1);
    next.on(new AgentEvent.CargoSettled(List.of()));

    assertThat(next.spooled().getLast()).isEqualTo(new Report.Quiesced(1, 0, true));
  }

  @Test
  void what_a_job_left_is_asked_for_piece_by_piece_until_there_is_no_more() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of()));
    box.on(new AgentEvent.JobOver(END)).order("q1", new Order.Quiesce()).after(1_000);
    for (long seq = 1; seq <= 3; seq++) {
      assertThat(box.actions(Action.Settle.class)).hasSize(1);
      box.on(new AgentEvent.UnitsFound(List.of(Box.unit(1, seq))));
    }
    box.on(new AgentEvent.CargoSettled(List.of()));

    assertThat(box.spooled().getLast()).isEqualTo(new Report.Quiesced(1, 3, true));
  }

  @Test
  void settle_that_failed_is_tried_again_after_a_pause_not_in_a_loop() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of()));
    box.on(new AgentEvent.JobOver(END)).after(1_000);
    box.on(new AgentEvent.UnitsFound(List.of()));
    box.order("q1", new Order.Quiesce()).after(1_000);
    assertThat(box.actions(Action.Settle.class)).hasSize(1);

    box.on(new AgentEvent.ScanFailed("disk"));

    assertThat(box.actions(Action.Settle.class)).isEmpty();
    assertThat(box.after(1_000).actions(Action.Settle.class)).hasSize(1);
  }

  @Test
  void carries_go_one_at_a_time_and_outlive_the_agent() {
    Box box = Box.running().order("c1", new Order.CarryOut(ONE.id()));
    assertThat(box.actions(Action.Carry.class)).hasSize(1);
    box.order("c2", new Order.CarryOut(TWO.id()));
    assertThat(box.actions(Action.Carry.class)).isEmpty();

    Box next = new Box(1, box.memory()).on(new AgentEvent.Started());
    assertThat(next.actions(Action.Carry.class).getFirst().order().orderId()).isEqualTo("c1");
    next.on(new AgentEvent.CarryDone("c1"));
    assertThat(next.actions(Action.Carry.class).getFirst().order().orderId()).isEqualTo("c2");

    next.on(new AgentEvent.CarryFailed("c2", "refused"));
    assertThat(next.spooled()).containsExactly(new Report.OrderFailed("c2", "refused"));
    assertThat(next.memory().carries()).isEmpty();
  }

  @Test
  void full_spool_leaves_new_units_on_the_disk() {
    AgentState.Spooled spool = new AgentState.Spooled(new Outbox(20_000, 0), List.of());
    Box box = new Box(1, Box.running().memory(), spool).on(new AgentEvent.Started());

    assertThat(box.after(5_000).actions(Action.Rescan.class)).isEmpty();
  }

  @Test
  void spool_that_is_full_by_bytes_leaves_new_units_on_the_disk_until_it_has_room() {
    Box box = Box.running().on(new AgentEvent.SpoolFilled(true));
    box.on(new AgentEvent.UnitsFound(List.of()));
    assertThat(box.after(5_000).actions(Action.Rescan.class)).isEmpty();

    box.on(new AgentEvent.SpoolFilled(false));
    assertThat(box.actions(Action.Rescan.class)).hasSize(1);
  }

  @Test
  void unit_that_cannot_be_told_whole_counts_as_told() {
    Memory memory =
        Ledger.note(Memory.fresh(1), new Report.UnitRefused(TWO.id(), "/work", "large"));
    assertThat(memory.notes().position()).isEqualTo(TWO.id().captureSeq());
  }

  @Test
  void nineteen_thousand_unsent_reports_leave_room_for_one_more() {
    AgentState.Spooled spool = new AgentState.Spooled(new Outbox(19_999, 0), List.of());
    Box box = new Box(1, Box.running().memory(), spool).on(new AgentEvent.Started());
    assertThat(box.actions(Action.Rescan.class)).hasSize(1);
  }

  @Test
  void box_wakes_for_the_next_look_and_not_while_one_is_under_way_or_the_spool_is_full() {
    Box box = Box.running();
    assertThat(CargoRules.wakeAt(box.state())).as("a look is under way").isEqualTo(NEVER);
    box.on(new AgentEvent.UnitsFound(List.of()));
    assertThat(CargoRules.wakeAt(box.state())).isEqualTo(CargoRules.RESCAN_EVERY_MS);
    box.on(new AgentEvent.SpoolFilled(true));
    assertThat(CargoRules.wakeAt(box.state())).as("no room for news").isEqualTo(NEVER);
    assertThat(CargoRules.wakeAt(Box.up().state())).as("nothing to look for").isEqualTo(NEVER);
  }

  @Test
  void full_spool_does_not_keep_a_box_from_becoming_quiet() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of()));
    box.on(new AgentEvent.SpoolFilled(true)).order("q1", new Order.Quiesce());
    assertThat(CargoRules.wakeAt(box.state())).as("its job runs").isEqualTo(NEVER);
    box.on(new AgentEvent.JobOver(END));
    assertThat(CargoRules.wakeAt(box.state())).isEqualTo(CargoRules.RESCAN_EVERY_MS);
    assertThat(box.after(1_000).actions(Action.Settle.class)).hasSize(1);
  }

  @Test
  void what_appears_after_the_box_was_quiet_is_still_looked_for() {
    Box box = Box.running().on(new AgentEvent.UnitsFound(List.of()));
    box.on(new AgentEvent.JobOver(END)).order("q1", new Order.Quiesce()).after(1_000);
    box.on(new AgentEvent.CargoSettled(List.of()));
    assertThat(box.after(1_000).actions(Action.Rescan.class)).hasSize(1);
    box.on(new AgentEvent.UnitsFound(List.of(ONE)));
    assertThat(box.spooled()).endsWith(new Report.Quiesced(1, 0, true), new Report.UnitSeen(ONE));
  }

  @Test
  void what_the_catalog_met_with_is_told_to_the_controller_and_in_the_log() {
    Report.Notice odd = new Report.Notice("odd-1", "a link leads nowhere", "remove it");
    Report.Notice more = new Report.Notice("odd-2", "a name is too long", "shorten it");
    Box box = Box.running().on(new AgentEvent.Noticed(List.of(odd, more)));
    assertThat(box.spooled()).endsWith(odd, more);
    assertThat(box.actions(Action.Say.class))
        .containsExactly(
            new Action.Say(Action.Say.Level.WARN, odd.what(), Map.of("next", "remove it")),
            new Action.Say(Action.Say.Level.WARN, more.what(), Map.of("next", "shorten it")));
  }

  private static final long NEVER = Long.MAX_VALUE;
}
