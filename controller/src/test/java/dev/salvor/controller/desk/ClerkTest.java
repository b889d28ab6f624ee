package dev.salvor.controller.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.view.LogView;
import dev.salvor.controller.view.Story;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ClerkTest {
  private final FakeBridge bridge = new FakeBridge();
  private final Archive desk = new Archive(bridge);

  @Test
  void no_name_means_the_newest_unfinished_run() throws DeskException {
    bridge.with(Story.training("first"));
    bridge.with(Story.training("second").ends(Fact.Ending.DONE, "home"));
    assertThat(desk.ask(new Request.Explain("")).as(Replies.Decisions.class).run().value())
        .isEqualTo("first");
    bridge.story("first").ends(Fact.Ending.DONE, "home");
    assertThat(desk.ask(new Request.Explain("")).as(Replies.Decisions.class).run().value())
        .isEqualTo("second");
  }

  @Test
  void what_is_only_shown_is_meant_where_it_is_named() throws DeskException {
    bridge.with(Story.training("mine").ends(Fact.Ending.DONE, "home"));
    bridge.with(Story.volume("volume-881"));
    assertThat(desk.ask(new Request.Explain("")).as(Replies.Decisions.class).run().value())
        .isEqualTo("mine");
    assertThat(desk.ask(new Request.Explain("volume-881")).as(Replies.Decisions.class).run())
        .hasToString("volume-881");
  }

  @Test
  void a_run_that_is_not_there_is_not_found() {
    refused(DeskException.Kind.NOT_FOUND, () -> desk.ask(new Request.Status("nope")), "nope");
    refused(DeskException.Kind.NOT_FOUND, () -> desk.ask(new Request.Status("")), "no run yet");
  }

  @Test
  void an_unfinished_run_is_carried_on_and_a_finished_one_makes_room() throws DeskException {
    Request start = new Request.Start(Story.spec("demo"));
    assertThat(started(start)).isEqualTo("demo false");
    assertThat(started(start)).isEqualTo("demo true");
    bridge.story("demo").ends(Fact.Ending.DONE, "home");
    assertThat(started(start)).isEqualTo("demo-2 false");
    assertThat(started(start)).isEqualTo("demo-2 true");
  }

  @Test
  void secrets_are_kept_beside_the_run_and_not_in_its_history() throws DeskException {
    Request start = new Request.Start(Story.spec("demo"), Map.of("TOKEN", "s3cret-s3cret"));
    assertThat(started(start)).isEqualTo("demo false");
    assertThat(bridge.secrets("demo")).isEqualTo(Map.of("TOKEN", new Secret("s3cret-s3cret")));
    assertThat(bridge.story("demo").facts().toString() + start).doesNotContain("s3cret");
  }

  @Test
  void log_is_what_the_box_reads_out_while_it_answers() throws DeskException {
    bridge.with(Story.training("demo"));
    bridge.prints(List.of("one", "two", "three"));
    assertThat(desk.ask(new Request.Logs("demo", 2, false)).as(LogView.class).lines())
        .containsExactly("two", "three");
  }

  @Test
  void job_is_asked_only_where_it_listens() {
    bridge.with(Story.training("demo"));
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.AskCheckpoint("demo", "me")),
        "listens: SIGUSR1");
  }

  @Test
  void what_blocks_a_permit_is_said_and_nothing_is_journaled() {
    bridge.with(Story.training("demo"));
    int before = bridge.story("demo").facts().size();
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Destroy("demo", false, "", "me")),
        "the job is running",
        "at step 400 is complete and has no receipt",
        "salvor destroy demo --wind-down",
        "--abandon \"lose everything after step 300 on instance 7001\"");
    assertThat(bridge.story("demo").facts()).hasSize(before);
  }

  @Test
  void a_yes_may_lapse() throws DeskException {
    bridge.with(Story.training("demo"));
    desk.ask(new Request.Approve("demo", "me", 3600));
    assertThat(newest(1).getFirst())
        .isInstanceOfSatisfying(
            Fact.Approved.class,
            yes -> assertThat(yes.until()).isEqualTo(yes.at().plusSeconds(3600)));
  }

  @Test
  void a_budget_is_changed_only_to_more_than_is_spent() throws DeskException {
    bridge.with(Story.training("demo"));
    desk.ask(new Request.Budget("demo", 25_000_000, "me"));
    assertThat(newest(1).getFirst()).isInstanceOf(Fact.BudgetChanged.class);
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Budget("demo", 0, "me")),
        "is spent already");
  }

  @Test
  void winding_down_is_a_yes_and_an_end() throws DeskException {
    bridge.with(Story.training("demo"));
    desk.ask(new Request.Destroy("7001", true, "", "me"));
    assertThat(newest(2))
        .satisfiesExactly(
            fact -> assertThat(fact).isInstanceOf(Fact.Approved.class),
            fact -> assertThat(fact).isInstanceOf(Fact.WindDownAsked.class));
  }

  @Test
  void a_box_that_its_run_has_left_goes_by_itself_and_the_run_goes_on() throws DeskException {
    bridge.with(Story.training("demo").lost(Story.FIRST).rents(new RentalRef(2, 1), 7002));
    Replies.Noted noted =
        desk.ask(new Request.Destroy("7001", true, "", "me")).as(Replies.Noted.class);
    assertThat(noted.what()).contains("goes on elsewhere", "instance 7001");
    assertThat(newest(1).getFirst()).isInstanceOf(Fact.Approved.class);
    assertThat(bridge.story("demo").facts()).noneMatch(fact -> fact instanceof Fact.WindDownAsked);
    desk.ask(new Request.Destroy("7002", true, "", "me"));
    assertThat(newest(1).getFirst()).isInstanceOf(Fact.WindDownAsked.class);
  }

  @Test
  void cargo_is_abandoned_only_by_naming_it() throws DeskException {
    bridge.with(Story.training("demo"));
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Destroy("demo", false, "yes", "me")),
        "does not name what is lost");
    desk.ask(
        new Request.Destroy(
            "demo", false, "lose everything after step 300 on instance 7001", "me"));
    assertThat(newest(1).getFirst()).isInstanceOf(Fact.Abandoned.class);
  }

  @Test
  void what_is_not_held_cannot_be_destroyed() {
    bridge.with(Story.asked("demo"));
    refused(
        DeskException.Kind.NOT_FOUND,
        () -> desk.ask(new Request.Destroy("demo", false, "", "me")),
        "holds no box");
    refused(
        DeskException.Kind.NOT_FOUND,
        () -> desk.ask(new Request.Destroy("4711", false, "", "me")),
        "4711");
  }

  @Test
  void a_box_that_no_run_has_is_given_up_only_in_so_many_words() throws DeskException {
    bridge.with(
        new Bridge.Stranger(
            new InstanceId(4711),
            new Offer(
                4711,
                new MachineId(3),
                "RTX 4090",
                1,
                UsdPerHour.of(0.3),
                UsdPerHour.ZERO,
                UsdPerHour.of(0.01),
                0,
                0,
                0.99,
                "here"),
            "salvor:f:gone:1:1",
            "running"));
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Destroy("4711", false, "", "me")),
        "salvor pull 4711");
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Destroy("4711", true, "yes", "me")),
        "another Salvor");
    assertThat(bridge.begun()).isEmpty();
    String typed = "lose everything on instance 4711";
    Replies.Noted noted =
        desk.ask(new Request.Destroy("4711", false, typed, "me")).as(Replies.Noted.class);
    assertThat(noted.run().value()).isEqualTo("instance-4711");
    assertThat(bridge.begun().values())
        .singleElement()
        .isInstanceOfSatisfying(
            Fact.BoxAbandoned.class, fact -> assertThat(fact.typed()).isEqualTo(typed));
  }

  @Test
  void a_run_that_is_over_cannot_be_ended_again() {
    bridge.with(Story.asked("demo").ends(Fact.Ending.WOUND_DOWN, "asked"));
    refused(
        DeskException.Kind.REFUSED, () -> desk.ask(new Request.WindDown("demo", "me")), "is over");
    refused(
        DeskException.Kind.REFUSED,
        () -> desk.ask(new Request.Approve("demo", "me", 0)),
        "is over");
  }

  @Test
  void a_notice_is_repeated_by_every_answer_until_it_is_acknowledged() throws DeskException {
    bridge.with(Story.training("demo").announces("Instance 7001 burns.", "Destroy it."));
    assertThat(desk.ask(new Request.Ps()).notices()).hasSize(1);
    refused(
        DeskException.Kind.NOT_FOUND,
        () -> desk.ask(new Request.Acknowledge("", 9, "me")),
        "No notice 9");
    assertThat(desk.ask(new Request.Acknowledge("", 1, "me")).notices()).isEmpty();
  }

  @Test
  void two_notices_of_one_number_need_their_run() throws DeskException {
    bridge
        .with(Story.training("a").announces("x", "y"))
        .with(Story.training("b").announces("x", "y"));
    refused(
        DeskException.Kind.BAD_REQUEST,
        () -> desk.ask(new Request.Acknowledge("", 1, "me")),
        "several runs");
    assertThat(desk.ask(new Request.Acknowledge("b", 1, "me")).notices())
        .singleElement()
        .satisfies(notice -> assertThat(notice.run().value()).isEqualTo("a"));
  }

  @Test
  void what_cannot_be_journaled_is_not_said_to_be_done() {
    bridge.with(Story.training("demo"));
    bridge.refuse(new DeskException(DeskException.Kind.LOST, "the journal is full"));
    refused(
        DeskException.Kind.LOST, () -> desk.ask(new Request.Approve("demo", "me", 0)), "is full");
  }

  private String started(Request start) throws DeskException {
    Replies.Started started = desk.ask(start).as(Replies.Started.class);
    return started.run() + " " + started.carriedOn();
  }

  private List<Fact> newest(int count) {
    List<Fact> facts = bridge.story("demo").facts();
    return facts.subList(facts.size() - count, facts.size());
  }

  private static void refused(DeskException.Kind kind, ThrowingCallable ask, String... words) {
    assertThatThrownBy(ask)
        .isInstanceOfSatisfying(DeskException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .message()
        .contains(words);
  }
}
