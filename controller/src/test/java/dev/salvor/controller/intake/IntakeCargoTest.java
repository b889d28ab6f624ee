package dev.salvor.controller.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.intake.CargoDesk.HeldBlock;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Close;
import dev.salvor.proto.v1.RestoreDown;
import dev.salvor.proto.v1.RestoreRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cargo goes as fast as it is kept, and only where it belongs.
final class IntakeCargoTest {
  private static final CargoUp CLOSE =
      CargoUp.newBuilder().setClose(Close.getDefaultInstance()).build();

  private final Replies<CargoDown> replies = new Replies<>();

  @TempDir Path dir;
  private TestIntake intake;

  @BeforeEach
  void start() throws Exception {
    intake = new TestIntake(dir);
  }

  @AfterEach
  void stop() {
    intake.desk.mayTake.release(1_000_000);
    intake.close();
  }

  @Test
  void a_copy_goes_from_roster_to_receipt() throws Exception {
    intake.desk.hold(List.of(new HeldBlock(0, 1, -4711)));
    StreamObserver<CargoUp> up = copy(1);
    up.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
    CargoDown held = replies.await("held", CargoDown::hasHeld);
    assertThat(held.getHeld().getBlocks(0).getIndex()).isEqualTo(1);
    assertThat(held.getHeld().getBlocks(0).getPrint()).isEqualTo(-4711);
    up.onNext(Frames.block(0, 0, bytes(1)));
    up.onNext(Frames.block(0, 2, bytes(2)));
    up.onNext(CLOSE);
    CargoDown settled = replies.await("settled", CargoDown::hasSettled);
    assertThat(settled.getSettled().getReceipted()).isTrue();
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.OK);
    assertThat(intake.desk.log()).containsExactly("open tide 1.1 1", "close");
    assertThat(intake.desk.taken.get(1).data()).containsExactly(ByteBuffer.wrap(bytes(2)));
  }

  @Test
  void a_slow_desk_slows_the_box_down_and_nothing_piles_up() throws Exception {
    intake.desk.mayTake.drainPermits();
    int blocks = 400;
    AtomicInteger sent = new AtomicInteger();
    Unit unit = Frames.unit(1, blocks);
    var box = new Sender(unit, blocks, sent, replies);
    CargoGrpc.newStub(intake.box(1).channel()).copyOut(box);
    replies.await("held", CargoDown::hasHeld);
    int stuck = settled(sent);
    // 25 MiB are to be sent; what is on the way is bounded by windows of a few MiB.
    assertThat(stuck).isLessThan(150);
    assertThat(intake.desk.takenCount()).isZero();
    intake.desk.mayTake.release(1_000_000);
    TestIntake.await("all taken", () -> intake.desk.takenCount() == blocks);
  }

  @Test
  void a_box_that_reads_slowly_slows_the_restore_down() throws Exception {
    Unit unit = Frames.unit(1, 400);
    intake.desk.store(unit, 400);
    AtomicInteger got = new AtomicInteger();
    var call = new PatientReader(got);
    CargoGrpc.newStub(intake.box(2).channel()).restore(request(unit), call);
    int stuck = settled(intake.desk.given);
    assertThat(stuck).isBetween(1, 150);
    call.readAll();
    TestIntake.await("all read", () -> got.get() == 401 && intake.desk.closed.get() == 1);
  }

  @Test
  void a_restore_gives_the_unit_then_its_blocks() throws Exception {
    Unit unit = Frames.unit(1, 3);
    intake.desk.store(unit, 3);
    var got = new Replies<RestoreDown>();
    CargoGrpc.newStub(intake.box(2).channel()).restore(request(unit), got);
    assertThat(got.awaitEnd()).isEqualTo(Status.Code.OK);
    assertThat(UnitWire.read(got.all().getFirst().getUnit())).isEqualTo(unit);
    assertThat(got.all().stream().skip(1).map(down -> down.getBlock().getIndex()))
        .containsExactly(0L, 1L, 2L);
    assertThat(intake.desk.closed.get()).isEqualTo(1);
  }

  @Test
  void an_older_generation_may_not_restore_a_later_ones_unit() throws Exception {
    Unit unit = Frames.unit(2, 1);
    intake.desk.store(unit, 1);
    assertThat(restoreEnd(1, unit)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(intake.desk.given.get()).isZero();
    assertThat(restoreEnd(2, unit)).isEqualTo(Status.Code.OK);
    assertThat(restoreEnd(2, Frames.unit(1, 1))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void a_box_copies_units_of_its_own_generation_only() throws Exception {
    assertRosterRefused(Frames.roster(Frames.unit(2, 1), Frames.BLOCK));
  }

  @Test
  void block_sizes_are_bounded() throws Exception {
    assertRosterRefused(Frames.roster(Frames.unit(1, 1), CopyOutCall.MAX_BLOCK + 1));
  }

  @Test
  void a_copy_begins_with_its_roster() throws Exception {
    assertRosterRefused(Frames.block(0, 0, bytes(1)));
    assertThat(intake.desk.log()).isEmpty();
  }

  @Test
  void blocks_that_the_roster_does_not_name_break_the_copy_off() throws Exception {
    for (CargoUp lie :
        List.of(
            Frames.block(1, 0, bytes(1)),
            Frames.block(-1, 0, bytes(1)),
            Frames.block(0, 3, bytes(1)),
            Frames.block(0, -1, bytes(1)),
            Frames.block(0, Long.MAX_VALUE, bytes(1)),
            Frames.block(0, 0, new byte[5]),
            Frames.roster(Frames.unit(1, 3), Frames.BLOCK),
            CargoUp.getDefaultInstance())) {
      var got = new Replies<CargoDown>();
      StreamObserver<CargoUp> up = CargoGrpc.newStub(intake.box(1).channel()).copyOut(got);
      up.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
      up.onNext(lie);
      assertThat(got.awaitEnd()).as(lie.toString()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(intake.desk.takenCount()).isZero();
    assertThat(intake.desk.log()).filteredOn("break off"::equals).hasSize(8);
  }

  @Test
  void a_desk_that_refuses_ends_the_copy_with_its_words() throws Exception {
    StreamObserver<CargoUp> up = copy(1);
    up.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
    replies.await("held", CargoDown::hasHeld);
    intake.desk.failNext(new DeskException(DeskException.Kind.BROKEN, "The disk is full"));
    up.onNext(Frames.block(0, 0, bytes(1)));
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(replies.end().orElseThrow().getDescription()).isEqualTo("The disk is full");
  }

  @Test
  void a_box_that_goes_away_leaves_what_is_kept_for_the_next_time() throws Exception {
    TestBox box = intake.box(1);
    StreamObserver<CargoUp> up = CargoGrpc.newStub(box.channel()).copyOut(replies);
    up.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
    replies.await("held", CargoDown::hasHeld);
    box.channel().shutdownNow();
    TestIntake.await("broken off", () -> intake.desk.log().contains("break off"));
  }

  @Test
  void a_second_copy_of_the_same_unit_takes_the_place_of_the_first() throws Exception {
    StreamObserver<CargoUp> first = copy(1);
    first.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
    replies.await("held", CargoDown::hasHeld);
    var newer = new Replies<CargoDown>();
    StreamObserver<CargoUp> second = CargoGrpc.newStub(intake.box(1).channel()).copyOut(newer);
    second.onNext(Frames.roster(Frames.unit(1, 3), Frames.BLOCK));
    newer.await("held", CargoDown::hasHeld);
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.ABORTED);
    second.onNext(CLOSE);
    assertThat(newer.awaitEnd()).isEqualTo(Status.Code.OK);
    assertThat(intake.desk.log())
        .containsExactly("open tide 1.1 1", "break off", "open tide 1.1 1", "close");
  }

  private void assertRosterRefused(CargoUp up) throws Exception {
    copy(1).onNext(up);
    assertThat(replies.awaitEnd()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private StreamObserver<CargoUp> copy(int generation) throws Exception {
    return CargoGrpc.newStub(intake.box(generation).channel()).copyOut(replies);
  }

  private Status.Code restoreEnd(int generation, Unit unit) throws Exception {
    var got = new Replies<RestoreDown>();
    CargoGrpc.newStub(intake.box(generation).channel()).restore(request(unit), got);
    return got.awaitEnd();
  }

  private static RestoreRequest request(Unit unit) {
    return RestoreRequest.newBuilder().setUnit(UnitWire.write(unit.id())).build();
  }

  private static byte[] bytes(int value) {
    byte[] bytes = new byte[Frames.BLOCK];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /// The count once it has not moved for 20 looks.
  private static int settled(AtomicInteger count) {
    int[] seen = {-1, 0};
    TestIntake.await(
        "it stands still",
        () -> {
          int now = count.get();
          seen[1] = now == seen[0] && now > 0 ? seen[1] + 1 : 0;
          seen[0] = now;
          return seen[1] > 60;
        });
    return seen[0];
  }

  /// Sends as long as the transport takes more, as a box does.
  private record Sender(Unit unit, int blocks, AtomicInteger sent, Replies<CargoDown> replies)
      implements ClientResponseObserver<CargoUp, CargoDown> {

    @Override
    public void beforeStart(ClientCallStreamObserver<CargoUp> call) {
      call.setOnReadyHandler(() -> send(call));
    }

    private void send(ClientCallStreamObserver<CargoUp> call) {
      while (call.isReady() && sent.get() <= blocks) {
        int next = sent.getAndIncrement();
        call.onNext(
            next == 0 ? Frames.roster(unit, Frames.BLOCK) : Frames.block(0, next - 1, bytes(3)));
      }
    }

    @Override
    public void onNext(CargoDown down) {
      replies.onNext(down);
    }

    @Override
    public void onError(Throwable t) {
      replies.onError(t);
    }

    @Override
    public void onCompleted() {
      replies.onCompleted();
    }
  }

  /// Reads nothing until it is told to.
  private static final class PatientReader
      implements ClientResponseObserver<RestoreRequest, RestoreDown> {
    private final AtomicInteger got;
    private Optional<ClientCallStreamObserver<RestoreRequest>> call = Optional.empty();

    PatientReader(AtomicInteger got) {
      this.got = got;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RestoreRequest> started) {
      call = Optional.of(started);
      started.disableAutoRequestWithInitial(1);
    }

    void readAll() {
      call.orElseThrow().request(1_000);
    }

    @Override
    public void onNext(RestoreDown down) {
      got.incrementAndGet();
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }
}
