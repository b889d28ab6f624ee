package dev.salvor.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.telemetry.Reading;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinkRulesTest {
  private static final List<Reading> NEWS = List.of(new Reading.Text("boot", "boot_id", "b"));

  @Test
  void dials_at_once_when_it_comes_up() {
    Box box = new Box(1).on(new AgentEvent.Started());

    assertThat(box.actions(Action.Dial.class)).hasSize(1);
    assertThat(box.actions(Action.FindJob.class)).hasSize(1);
  }

  @Test
  void backs_off_with_full_jitter_below_a_bound_that_doubles_to_ten_seconds() {
    Box box = new Box(1).on(new AgentEvent.Started());
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      box.on(new AgentEvent.LinkLost("refused"));
      long before = box.now();
      long at = ((LinkPhase.Down) box.state().link()).dialAt();
      waits.add(at - before);
      box.after(at - before);
      assertThat(box.actions(Action.Dial.class)).hasSize(1);
    }

    for (int i = 0; i < waits.size(); i++) {
      assertThat(waits.get(i))
          .isBetween(1L, Math.min(LinkRules.BACKOFF_TO_MS, 250L << Math.min(i, 10)));
    }
    assertThat(waits.stream().skip(20).mapToLong(w -> w).max().orElseThrow()).isGreaterThan(8_000);
    assertThat(waits.stream().skip(20).mapToLong(w -> w).min().orElseThrow()).isLessThan(1_000);
  }

  @Test
  void line_that_breaks_again_and_again_right_after_the_welcome_backs_off_too() {
    Box box = new Box(1).on(new AgentEvent.Started());
    long longest = 0;
    for (int i = 0; i < 40; i++) {
      box.on(new AgentEvent.Welcomed(2000, 0));
      box.on(new AgentEvent.LinkLost("cut"));
      longest = Math.max(longest, ((LinkPhase.Down) box.state().link()).dialAt() - box.now());
      box.sleep();
    }
    assertThat(longest).isGreaterThan(5_000);

    box.on(new AgentEvent.Welcomed(2000, 0));
    for (int i = 0; i < 6; i++) {
      box.after(2_000).on(new AgentEvent.BeatHeard(2000, 0, 0));
    }
    box.on(new AgentEvent.LinkLost("cut"));
    assertThat(((LinkPhase.Down) box.state().link()).dialAt() - box.now())
        .isLessThanOrEqualTo(LinkRules.BACKOFF_FROM_MS);
  }

  @Test
  void each_failed_dial_tries_the_next_endpoint() {
    Box box = new Box(1).on(new AgentEvent.Started());
    box.on(new AgentEvent.LinkLost("refused")).sleep();

    assertThat(box.actions(Action.Dial.class).getFirst().attempt()).isEqualTo(1);
  }

  @Test
  void beats_at_half_of_the_ttl_that_the_controller_hands_out() {
    Box box = Box.up();
    assertThat(box.actions(Action.Beat.class)).hasSize(1);

    assertThat(box.after(999).actions(Action.Beat.class)).isEmpty();
    assertThat(box.after(1).actions(Action.Beat.class)).hasSize(1);
    box.on(new AgentEvent.BeatHeard(8_000, 0, 0));
    box.after(1_000);
    assertThat(box.after(3_999).actions(Action.Beat.class)).isEmpty();
    assertThat(box.after(1).actions(Action.Beat.class)).hasSize(1);
  }

  @Test
  void gives_up_a_stream_on_which_the_controller_is_silent() {
    Box box = Box.up();
    box.after(9_999);
    assertThat(box.state().link()).isInstanceOf(LinkPhase.Up.class);

    box.after(1);

    assertThat(box.actions(Action.HangUp.class)).hasSize(1);
    assertThat(box.state().link()).isInstanceOf(LinkPhase.Down.class);
  }

  @Test
  void gives_up_a_dial_without_a_welcome() {
    Box box = new Box(1).on(new AgentEvent.Started());

    box.after(LinkRules.DIAL_DEADLINE_MS);

    assertThat(box.actions(Action.HangUp.class)).hasSize(1);
  }

  @Test
  void reports_without_acknowledgement_are_sent_again_after_a_reconnect() {
    Box box = Box.running();
    assertThat(box.actions(Action.Wake.class)).hasSize(1);
    box.on(new AgentEvent.LinkLost("gone")).sleep();

    box.on(new AgentEvent.Welcomed(2000, 0));

    assertThat(box.actions(Action.SendAfter.class)).containsExactly(new Action.SendAfter(0));
    box.on(new AgentEvent.Acknowledged(1));
    assertThat(box.actions(Action.Trim.class)).containsExactly(new Action.Trim(1));
  }

  @Test
  void new_reports_number_on_where_the_controller_is_ahead_of_a_lost_spool() {
    Box box = new Box(1).on(new AgentEvent.Started()).on(new AgentEvent.JobAbsent());
    box.on(new AgentEvent.Welcomed(2000, 41));

    box.order("q", new Order.Quiesce());

    assertThat(box.actions(Action.Spool.class).getFirst().seq()).isEqualTo(42);
  }

  @Test
  void refused_for_good_exits_with_78() {
    Box box = new Box(1).on(new AgentEvent.Started());

    box.on(new AgentEvent.LinkRefused("token_used"));

    assertThat(box.actions(Action.Exit.class)).containsExactly(new Action.Exit(78));
  }

  @Test
  void terminated_says_goodbye_and_leaves_the_job() {
    Box box = Box.running().on(new AgentEvent.Terminated("SIGTERM"));

    assertThat(box.actions(Action.Goodbye.class)).hasSize(1);
    assertThat(box.actions(Action.Exit.class)).containsExactly(new Action.Exit(0));
    assertThat(box.actions(Action.StopJob.class)).isEmpty();
  }

  @Test
  void readings_are_taken_at_the_welcome_and_every_ten_seconds_and_never_spooled() {
    Box box = Box.up();
    assertThat(box.actions(Action.TakeReadings.class)).hasSize(1);
    box.on(new AgentEvent.ReadingsTaken(NEWS, NEWS));
    assertThat(box.actions(Action.SendReadings.class)).hasSize(1);

    for (int i = 0; i < 9; i++) {
      box.on(new AgentEvent.BeatHeard(2000, 0, 0));
      assertThat(box.after(1_000).actions(Action.TakeReadings.class)).isEmpty();
    }
    assertThat(box.after(1_000).actions(Action.TakeReadings.class)).hasSize(1);
    box.on(new AgentEvent.LinkLost("gone"));
    box.on(new AgentEvent.ReadingsTaken(NEWS, NEWS));
    assertThat(box.actions(Action.SendReadings.class)).isEmpty();
    assertThat(box.spooled()).isEmpty();
  }

  @Test
  void the_core_never_asks_to_be_woken_in_the_past_for_nothing() {
    Box box = Box.running();
    for (int i = 0; i < 500; i++) {
      long before = box.now();
      box.sleep();
      boolean moved = box.now() > before;
      assertThat(moved || !box.actions().isEmpty()).as("step %d at %d", i, before).isTrue();
      if (!box.actions(Action.Rescan.class).isEmpty()) {
        box.on(new AgentEvent.UnitsFound(List.of()));
      }
    }
  }

  @Test
  void hello_says_whether_a_job_runs_and_whether_this_boot_has_its_order() {
    assertThat(hello(Box.up())).isEqualTo(new Action.Hello(self(), false, false));
    Box box = Box.running();
    assertThat(hello(box)).isEqualTo(new Action.Hello(self(), true, true));
    box.on(new AgentEvent.Welcomed(2000, 0));
    box.on(new AgentEvent.JobOver(new JobEnd(77, 0, JobEnd.Cause.DONE, List.of())));
    assertThat(hello(box))
        .as("the next order is news")
        .isEqualTo(new Action.Hello(self(), false, false));
  }

  private static Self self() {
    return new Self(1, "boot-id", "test", false);
  }

  private static Action.Hello hello(Box box) {
    box.on(new AgentEvent.LinkLost("gone")).sleep();
    return box.actions(Action.Dial.class).getFirst().hello();
  }

  @Test
  void silence_that_ends_a_stream_grows_with_the_ttl() {
    Box box = Box.up().on(new AgentEvent.BeatHeard(8_000, 0, 0));
    assertThat(box.after(39_999).actions(Action.HangUp.class)).isEmpty();
    assertThat(box.after(1).actions(Action.HangUp.class))
        .containsExactly(new Action.HangUp("the controller was silent for 40 s"));
  }

  @Test
  void ttl_is_taken_within_bounds_and_two_seconds_where_none_is_said() {
    long[][] asked = {{0, 1_000}, {-5, 1_000}, {1, 100}, {200, 100}, {900_000, 60_000}};
    for (long[] row : asked) {
      Box box = new Box(1).on(new AgentEvent.Started()).on(new AgentEvent.Welcomed(row[0], 0));
      LinkPhase.Up up = (LinkPhase.Up) box.state().link();
      assertThat(up.beatAt()).as("asked for %d ms", row[0]).isEqualTo(row[1]);
    }
  }

  @Test
  void stream_that_carried_for_ten_seconds_was_no_failure() {
    LinkPhase.Dialled dialled = new LinkPhase.Dialled(5_000, 7);
    assertThat(new LinkPhase.Up(14_999, 0, 2_000, dialled).failures()).isEqualTo(7);
    assertThat(new LinkPhase.Up(15_000, 0, 2_000, dialled).failures()).isZero();
  }

  @Test
  void box_with_the_platforms_key_asks_again_a_minute_after_it_was_refused_for_good() {
    Box box = new Box(1, Memory.fresh(1), Box.EMPTY, true).on(new AgentEvent.Started());
    box.after(3_000).on(new AgentEvent.LinkRefused("token_used"));
    assertThat(box.actions(Action.Exit.class)).isEmpty();
    assertThat(box.state().link())
        .isEqualTo(new LinkPhase.Down(3_000 + LinkRules.REFUSED_PAUSE_MS, 1));
  }

  @Test
  void what_is_acknowledged_twice_is_trimmed_once() {
    Box box = Box.running().on(new AgentEvent.Acknowledged(1)).on(new AgentEvent.Acknowledged(1));
    assertThat(box.actions(Action.Trim.class)).isEmpty();
  }

  @Test
  void what_the_next_checkpoint_takes_goes_with_the_readings_once_it_is_known() {
    Box box = Box.up().on(new AgentEvent.ReadingsTaken(NEWS, NEWS));
    assertThat(box.actions(Action.SendReadings.class))
        .containsExactly(new Action.SendReadings(NEWS));

    box.on(new AgentEvent.RoomSeen(List.of(), new Need(5_000, 2, 0), "no statvfs"));
    box.on(new AgentEvent.ReadingsTaken(NEWS, NEWS));

    Reading need = new Reading.Amount("cargo", "next checkpoint", 5_000, "bytes");
    assertThat(box.actions(Action.SendReadings.class))
        .containsExactly(new Action.SendReadings(List.of(NEWS.getFirst(), need)));
    box.on(new AgentEvent.ReadingsTaken(NEWS, List.of()));
    assertThat(box.actions(Action.SendReadings.class)).isEmpty();
  }
}
