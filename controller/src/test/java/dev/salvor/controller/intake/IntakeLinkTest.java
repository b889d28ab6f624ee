package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.Goodbye;
import dev.salvor.proto.v1.JobEnded;
import dev.salvor.proto.v1.JobStarted;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.OrderFailed;
import dev.salvor.proto.v1.Quiesced;
import dev.salvor.proto.v1.Reading;
import dev.salvor.proto.v1.Readings;
import dev.salvor.proto.v1.Restored;
import dev.salvor.proto.v1.UnitRefused;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What boxes say and hear on their streams.
final class IntakeLinkTest {
  private static final Caller BOX = TestIntake.caller(1);
  private static final RunSpec.Job JOB =
      new RunSpec.Job("train", "/work", Map.of("A", "1"), List.of("/work/ckpt"), List.of());

  private final Replies<ControllerFrame> replies = new Replies<>();

  @TempDir Path dir;
  private TestIntake intake;

  @BeforeEach
  void start() throws Exception {
    intake = new TestIntake(dir);
  }

  @AfterEach
  void stop() {
    intake.close();
  }

  @Test
  void events_become_facts_at_our_time_and_are_acknowledged_in_order() throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    Unit unit = Frames.unit(1, 3);
    link.onNext(Frames.started(1));
    link.onNext(Frames.seen(2, unit));
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(3)
            .setJobEnded(
                JobEnded.newBuilder().setBoot(1).setExitCode(137).setCause("oom").addTail("a\tb"))
            .build());
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(4)
            .setQuiesced(
                Quiesced.newBuilder().setBoot(1).setCatalogPosition(9).setJobEverStarted(true))
            .build());
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(5)
            .setRestored(Restored.newBuilder().setUnit(UnitWire.write(unit.id())))
            .build());
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(6)
            .setOrderFailed(OrderFailed.newBuilder().setOrderId("17").setWhy("no disk"))
            .build());
    awaitAck(6);
    Instant at = intake.clock.instant();
    var ref = BOX.rental();
    assertThat(intake.harbour.facts())
        .containsExactly(
            new Fact.AgentJoined(at, ref, 1, true, false),
            new Fact.JobStarted(at, ref, 1),
            new Fact.UnitSeen(at, ref, unit),
            new Fact.JobEnded(at, ref, 1, 137, "oom", List.of("a b")),
            new Fact.Quiesced(at, ref, 1, 9, true),
            new Fact.Restored(at, ref, unit.id()),
            new Fact.OrderFailed(at, ref, 17, "no disk"));
  }

  @Test
  void a_unit_that_the_box_cannot_tell_is_announced_and_keeps_the_box_from_being_quiesced()
      throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(1)
            .setUnitRefused(
                UnitRefused.newBuilder()
                    .setUnit(UnitWire.write(Frames.unit(1, 1).id()))
                    .setRoot("/work/ckpt")
                    .setWhy("60000 files"))
            .build());
    link.onNext(
        AgentFrame.newBuilder().setSeq(2).setQuiesced(Quiesced.newBuilder().setBoot(1)).build());
    awaitAck(2);
    assertThat(intake.harbour.facts())
        .noneMatch(Fact.Quiesced.class::isInstance)
        .anyMatch(fact ->
            fact instanceof Fact.Announced told
                && told.key().equals(Permits.DROPPED + BOX.rental())
                && told.what().contains("/work/ckpt: 60000 files"));
  }

  @Test
  void an_order_that_no_box_could_read_is_refused_and_the_stream_goes_on() throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(Frames.beat());
    replies.await("answer", ControllerFrame::hasBeatAck);
    RunSpec.Job large =
        new RunSpec.Job("x", "/work", Map.of("A", "x".repeat(2 << 20)), List.of(), List.of());
    Outcome outcome =
        intake
            .server
            .berths()
            .tell(new Berths.Berth(BOX, 1), 9, new AgentOrder.Proceed(), Berths.Papers.of(large));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.why()).contains("a box takes 1047552");
              assertThat(failed.retryable()).isFalse();
            });
    assertThat(
            intake
                .server
                .berths()
                .tell(
                    new Berths.Berth(BOX, 1), 10, new AgentOrder.Proceed(), Berths.Papers.of(JOB)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_beat_is_answered_with_the_lease() throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(Frames.beat());
    ControllerFrame answer = replies.await("answer", ControllerFrame::hasBeatAck);
    assertThat(answer.getBeatAck().getBeatTtlMs()).isEqualTo(2000);
    assertThat(answer.getBeatAck().getLeaseUntilMs()).isEqualTo(1_000_000);
    assertThat(answer.getBeatAck().getControllerTimeMs())
        .isEqualTo(intake.clock.instant().toEpochMilli());
    assertThat(intake.harbour.progress())
        .containsExactly(new Progress(40, 100, OptionalDouble.of(0.5), true, "step 40?[2J"));
  }

  @Test
  void readings_and_a_goodbye_are_handed_on_plain() throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(
        AgentFrame.newBuilder()
            .setReadings(
                Readings.newBuilder()
                    .addReadings(
                        Reading.newBuilder()
                            .setProbe("disk")
                            .setName("free")
                            .setNumber(7)
                            .setUnit("B"))
                    .addReadings(
                        Reading.newBuilder().setProbe("gpu").setName("xid").setAbsent("no GPU"))
                    .addReadings(
                        Reading.newBuilder().setProbe("gpu").setName("t").setNumber(Double.NaN)))
            .build());
    link.onNext(
        AgentFrame.newBuilder().setGoodbye(Goodbye.newBuilder().setReason("SIGTERM")).build());
    link.onCompleted();
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.OK);
    assertThat(intake.harbour.readings())
        .hasSize(4)
        .anyMatch(reading -> reading.probe().equals("clock"))
        .contains(
            new SeenReading("disk", "free", new SeenReading.Measured(7, "B")),
            new SeenReading("gpu", "xid", new SeenReading.Absent("no GPU")),
            new SeenReading("gpu", "t", new SeenReading.Absent("the box sent NaN")));
    assertThat(intake.harbour.goodbyes()).containsExactly("SIGTERM");
    assertThat(intake.harbour.hungUp()).containsExactly(BOX);
    assertThat(intake.server.berths().connected(BOX)).isFalse();
  }

  @Test
  void nothing_is_acknowledged_before_it_is_journaled_nor_out_of_order() throws Exception {
    intake.harbour.journalLater();
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(Frames.started(1));
    // Dropped, so done at once: but the box must keep number 1, so it may not forget number 2 yet.
    link.onNext(AgentFrame.newBuilder().setSeq(2).setJobStarted(JobStarted.newBuilder()).build());
    link.onNext(Frames.started(3));
    link.onNext(Frames.beat());
    replies.await("answer", ControllerFrame::hasBeatAck);
    assertThat(replies.all()).noneMatch(ControllerFrame::hasEventAck);
    intake.harbour.journalNow(true);
    awaitAck(3);
    assertThat(acks()).isSorted();
  }

  @Test
  void a_replay_is_acknowledged_and_not_handed_on_again() throws Exception {
    TestBox box = intake.box(1);
    StreamObserver<AgentFrame> first = open(box, replies, 1);
    first.onNext(Frames.started(1));
    first.onNext(Frames.started(2));
    awaitAck(2);
    first.onCompleted();
    replies.awaitEnd();
    var again = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> second = open(box, again, 1);
    assertThat(again.all().getFirst().getWelcome().getAckedSeq()).isEqualTo(2);
    second.onNext(Frames.started(2));
    second.onNext(Frames.started(3));
    again.await("ack of the replay", f -> f.hasEventAck() && f.getEventAck().getSeq() == 2);
    again.await("ack of the new", f -> f.hasEventAck() && f.getEventAck().getSeq() == 3);
    assertThat(intake.harbour.facts()).filteredOn(Fact.JobStarted.class::isInstance).hasSize(3);
  }

  @Test
  void events_still_in_the_journals_queue_are_acknowledged_on_the_next_stream() throws Exception {
    intake.harbour.journalLater();
    TestBox box = intake.box(1);
    StreamObserver<AgentFrame> first = open(box, replies, 1);
    first.onNext(Frames.started(1));
    TestIntake.await("it is heard", () -> intake.harbour.facts().size() == 2);
    first.onCompleted();
    replies.awaitEnd();
    var again = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> second = open(box, again, 1);
    second.onNext(Frames.started(1));
    second.onNext(Frames.beat());
    again.await("answer", ControllerFrame::hasBeatAck);
    assertThat(again.all()).noneMatch(ControllerFrame::hasEventAck);
    intake.harbour.journalNow(false);
    again.await("ack", f -> f.hasEventAck() && f.getEventAck().getSeq() == 1);
    assertThat(intake.harbour.facts()).filteredOn(Fact.JobStarted.class::isInstance).hasSize(1);
  }

  @Test
  void a_new_boot_counts_anew() throws Exception {
    TestBox box = intake.box(1);
    StreamObserver<AgentFrame> first = open(box, replies, 1);
    first.onNext(Frames.started(5));
    awaitAck(5);
    var again = new Replies<ControllerFrame>();
    StreamObserver<AgentFrame> second = open(box, again, 2);
    assertThat(again.all().getFirst().getWelcome().getAckedSeq()).isZero();
    second.onNext(Frames.started(1));
    again.await("ack", f -> f.hasEventAck() && f.getEventAck().getSeq() == 1);
  }

  @Test
  void a_second_stream_of_a_box_takes_the_place_of_the_first() throws Exception {
    open(intake.box(1), replies, 1);
    var newer = new Replies<ControllerFrame>();
    open(intake.box(1), newer, 1);
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.ABORTED);
    assertThat(tell(1, new AgentOrder.Quiesce())).isEqualTo(new Outcome.Done());
    newer.await("order", ControllerFrame::hasOrder);
    assertThat(intake.harbour.hungUp()).isEmpty();
  }

  @Test
  void a_box_that_waits_for_the_journal_is_read_no_further() throws Exception {
    intake.harbour.journalLater();
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    for (int seq = 1; seq <= 400; seq++) {
      link.onNext(Frames.started(seq));
    }
    TestIntake.await("the limit is reached", () -> intake.harbour.facts().size() == 257);
    link.onNext(Frames.beat());
    assertThat(intake.harbour.facts()).hasSize(257);
    intake.harbour.journalNow(false);
    awaitAck(400);
    replies.await("answer", ControllerFrame::hasBeatAck);
    assertThat(intake.harbour.facts()).hasSize(401);
  }

  @Test
  void orders_reach_the_right_boot_only() throws Exception {
    assertThat(tell(1, new AgentOrder.Proceed()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.retryable()).isTrue());
    open(intake.box(1), replies, 2);
    assertThat(tell(1, new AgentOrder.Proceed())).isInstanceOf(Outcome.Failed.class);
    Unit unit = Frames.unit(1, 1);
    for (AgentOrder order :
        List.of(
            new AgentOrder.Proceed(),
            new AgentOrder.ProceedFrom(unit.id(), List.of(Frames.unit(1, 2).id())),
            new AgentOrder.Quiesce(),
            new AgentOrder.StopJob(Duration.ofSeconds(30)),
            new AgentOrder.Fence("newer"))) {
      assertThat(tell(2, order)).isEqualTo(new Outcome.Done());
    }
    assertThat(intake.server.berths().carryOut(BOX, 8, unit)).isEqualTo(new Outcome.Done());
    replies.await("the last order", f -> f.getOrder().hasCarryOut());
    List<ControllerFrame> orders =
        replies.all().stream().filter(ControllerFrame::hasOrder).toList();
    assertThat(orders).hasSize(6);
    assertThat(orders.get(0).getOrder().getProceed().getJob().getCommand()).isEqualTo("train");
    assertThat(orders.get(0).getOrder().getProceed().getRestore()).isFalse();
    assertThat(UnitWire.read(orders.get(1).getOrder().getProceed().getRestoreUnit()))
        .isEqualTo(unit.id());
    assertThat(orders.get(1).getOrder().getProceed().getRestoreAlsoList())
        .containsExactly(UnitWire.write(Frames.unit(1, 2).id()));
    assertThat(orders.get(2).getOrder().getId()).isEqualTo("7");
    assertThat(orders.get(3).getOrder().getStopJob().getGraceMs()).isEqualTo(30_000);
    assertThat(orders.get(4).getOrder().getFenced().getWhy()).isEqualTo("newer");
    assertThat(orders.get(5).getOrder().getId()).isEqualTo("8");
  }

  @Test
  void a_stream_begins_with_a_hello() throws Exception {
    LinkGrpc.newStub(intake.box(1).channel()).open(replies).onNext(Frames.beat());
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(intake.harbour.heard()).isZero();
  }

  @Test
  void a_frame_larger_than_any_manifest_is_dropped_and_the_stream_kept() throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(
        AgentFrame.newBuilder()
            .setGoodbye(Goodbye.newBuilder().setReason("x".repeat(IntakeServer.MAX_MESSAGE)))
            .build());
    link.onNext(Frames.beat());
    replies.await("answer", ControllerFrame::hasBeatAck);
    assertThat(intake.server.droppedFrames()).isEqualTo(1);
    assertThat(intake.harbour.goodbyes()).isEmpty();
  }

  /// Else a permit would be made of receipts for everything but the unit that nobody knows of.
  @Test
  void after_a_unit_that_could_not_be_taken_in_the_boot_never_counts_as_quiesced()
      throws Exception {
    StreamObserver<AgentFrame> link = open(intake.box(1), replies, 1);
    link.onNext(Frames.seen(1, Frames.unit(2, 1)));
    link.onNext(
        AgentFrame.newBuilder()
            .setSeq(2)
            .setQuiesced(Quiesced.newBuilder().setBoot(1).setCatalogPosition(1))
            .build());
    awaitAck(2);
    assertThat(intake.harbour.facts())
        .hasExactlyElementsOfTypes(Fact.AgentJoined.class, Fact.Announced.class);
    assertThat(((Fact.Announced) intake.harbour.facts().get(1)).what())
        .contains("tide 1.1", "another generation");
  }

  private Outcome tell(int boot, AgentOrder order) {
    return intake
        .server
        .berths()
        .tell(new Berths.Berth(BOX, boot), 7, order, Berths.Papers.of(JOB));
  }

  private static StreamObserver<AgentFrame> open(
      TestBox box, Replies<ControllerFrame> replies, int boot) {
    StreamObserver<AgentFrame> link = LinkGrpc.newStub(box.channel()).open(replies);
    link.onNext(Frames.hello(boot));
    replies.await("welcome", ControllerFrame::hasWelcome);
    return link;
  }

  private void awaitAck(long seq) {
    replies.await("ack " + seq, f -> f.hasEventAck() && f.getEventAck().getSeq() == seq);
  }

  private List<Long> acks() {
    return replies.all().stream()
        .filter(ControllerFrame::hasEventAck)
        .map(f -> f.getEventAck().getSeq())
        .toList();
  }
}
