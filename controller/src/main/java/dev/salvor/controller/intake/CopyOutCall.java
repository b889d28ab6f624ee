package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.pack.BlockPacker;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.controller.intake.CargoDesk.CargoBlock;
import dev.salvor.controller.intake.CargoDesk.Copy;
import dev.salvor.controller.intake.CargoDesk.Settlement;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Held;
import dev.salvor.proto.v1.HeldBlock;
import dev.salvor.proto.v1.PartAsk;
import dev.salvor.proto.v1.PartPut;
import dev.salvor.proto.v1.Roster;
import dev.salvor.proto.v1.Settled;
import dev.salvor.proto.v1.Slot;
import dev.salvor.proto.v1.Straight;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One copy-out: roster, held, blocks, close, settled. The next block is asked for when the desk
/// has the last one, so that no more than one is ever in memory here.
final class CopyOutCall implements StreamObserver<LineMemory> {
  static final int MIN_BLOCK = 4 << 10;
  static final int MAX_BLOCK = 4 << 20;

  /// A receiver's usual limit is 4 MiB a message, and a held block takes 20 bytes. Those beyond are
  /// sent again, no more.
  private static final int MAX_HELD = 160_000;

  private static final Logger LOG = LoggerFactory.getLogger(CopyOutCall.class);

  private final CargoService service;
  private final Caller caller;
  private final ServerCallStreamObserver<CargoDown> out;
  private @Nullable Open open;
  private boolean over;

  CopyOutCall(CargoService service, Caller caller, ServerCallStreamObserver<CargoDown> out) {
    this.service = service;
    this.caller = caller;
    this.out = out;
    out.disableAutoRequest();
    out.setOnCancelHandler(() -> {});
    out.request(1);
  }

  @Override
  public synchronized void onNext(LineMemory up) {
    try (up) {
      if (!over) {
        take(up.message());
      }
    } catch (IllegalArgumentException e) {
      fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (DeskException e) {
      fail(CargoService.status(e));
    }
  }

  private void take(CargoUp up) throws DeskException {
    FrameReader.requireFits(up);
    Open now = open;
    switch (up.getBodyCase()) {
      case ROSTER -> {
        if (now != null) {
          throw new IllegalArgumentException("A second roster in one copy");
        }
        begin(up.getRoster());
        out.request(1);
      }
      case BLOCK -> {
        requireOpen(now).copy().accept(block(requireOpen(now), up.getBlock()));
        out.request(1);
      }
      case ASK -> {
        slot(requireOpen(now), up.getAsk());
        out.request(1);
      }
      case PUT -> {
        PartPut put = up.getPut();
        requireOpen(now)
            .copy()
            .put(new CargoDesk.PartName(put.getFile(), put.getNumber()), put.getEtag());
        out.request(1);
      }
      case CLOSE -> close(requireOpen(now));
      case BODY_NOT_SET -> throw new IllegalArgumentException("A frame without a body");
    }
  }

  private static Open requireOpen(@Nullable Open open) {
    if (open == null) {
      throw new IllegalArgumentException("A copy begins with its roster");
    }
    return open;
  }

  private void begin(Roster roster) throws DeskException {
    Unit unit = FrameReader.ownUnit(caller, roster.getUnit());
    int blockSize = roster.getBlockSize();
    if (blockSize < MIN_BLOCK || blockSize > MAX_BLOCK) {
      throw new IllegalArgumentException(
          "A block has %d to %d bytes, not %d".formatted(MIN_BLOCK, MAX_BLOCK, blockSize));
    }
    service.begin(caller, unit.id(), this);
    Optional<Copy> straight =
        roster.getBlocksOnly() ? Optional.empty() : service.desk().straight(caller, unit);
    Copy copy =
        straight.isPresent() ? straight.get() : service.desk().open(caller, unit, blockSize);
    open = new Open(unit, blockSize, copy);
    if (!copy.partSizes().isEmpty()) {
      Straight.Builder sizes = Straight.newBuilder().addAllPartSize(copy.partSizes());
      out.onNext(CargoDown.newBuilder().setStraight(sizes).build());
      return;
    }
    List<CargoDesk.HeldBlock> held = copy.held();
    Held.Builder answer = Held.newBuilder();
    for (CargoDesk.HeldBlock each : held.subList(0, Math.min(held.size(), MAX_HELD))) {
      answer.addBlocks(
          HeldBlock.newBuilder()
              .setFile(each.file())
              .setIndex(each.index())
              .setPrint(each.print()));
    }
    answer.setThrifty(copy.thrifty());
    copy.base().ifPresent(base -> answer.setBase(UnitWire.write(base)));
    out.onNext(CargoDown.newBuilder().setHeld(answer).build());
  }

  private void slot(Open now, PartAsk ask) throws DeskException {
    Sha256 digest = Sha256.fromBytes(ask.getSha256().toByteArray());
    CargoDesk.Slot slot =
        now.copy().slot(new CargoDesk.PartName(ask.getFile(), ask.getNumber()), digest);
    out.onNext(
        CargoDown.newBuilder()
            .setSlot(
                Slot.newBuilder()
                    .setHeld(slot.held())
                    .setUrl(slot.url())
                    .putAllHeaders(slot.headers()))
            .build());
  }

  /// A block of the roster's own shape: of a file it names, at a place inside, of the one right
  /// size.
  private static CargoBlock block(Open now, Block wire) {
    List<FileEntry> files = now.unit().manifest().files();
    if (wire.getFile() < 0 || wire.getFile() >= files.size()) {
      throw new IllegalArgumentException("No file %d in the roster".formatted(wire.getFile()));
    }
    long size = files.get(wire.getFile()).size();
    long blocks = size / now.blockSize() + (size % now.blockSize() == 0 ? 0 : 1);
    if (wire.getIndex() < 0 || wire.getIndex() >= blocks) {
      throw new IllegalArgumentException(
          "No block %d in a file of %d bytes".formatted(wire.getIndex(), size));
    }
    long expected = Math.min(now.blockSize(), size - wire.getIndex() * now.blockSize());
    boolean fits =
        wire.getPacked()
            ? wire.getData().size() <= BlockPacker.mostBytes((int) expected)
            : wire.getData().size() == expected;
    if (!fits) {
      throw new IllegalArgumentException(
          "Block %d of file %d has %d bytes, not %d"
              .formatted(wire.getIndex(), wire.getFile(), expected, wire.getData().size()));
    }
    return new CargoBlock(
        wire.getFile(),
        wire.getIndex(),
        wire.getData().asReadOnlyByteBufferList(),
        new CargoDesk.Form(wire.getPacked(), wire.getBasePrint()));
  }

  private void close(Open now) throws DeskException {
    Settlement settlement = now.copy().close();
    end(now);
    out.onNext(
        CargoDown.newBuilder()
            .setSettled(
                Settled.newBuilder()
                    .setReceipted(settlement.receipted())
                    .setWhy(settlement.why())
                    .setAgain(settlement.again()))
            .build());
    out.onCompleted();
  }

  private void fail(Status status) {
    LOG.atWarn().addKeyValue("box", caller).log("a copy-out ended: {}", status.getDescription());
    breakOff();
    out.onError(status.asRuntimeException());
  }

  /// A newer copy of the same unit begins; waits until the block in hand is kept.
  synchronized void giveWay() {
    if (!over) {
      fail(Status.ABORTED.withDescription("A newer copy of this unit took its place"));
    }
  }

  @Override
  public synchronized void onError(Throwable cause) {
    if (!over) {
      breakOff();
    }
  }

  @Override
  public synchronized void onCompleted() {
    if (!over) {
      fail(Status.INVALID_ARGUMENT.withDescription("A copy ends with its close"));
    }
  }

  private void breakOff() {
    over = true;
    Open now = open;
    if (now != null) {
      end(now);
      now.copy().breakOff();
    }
  }

  private void end(Open now) {
    over = true;
    service.end(caller, now.unit().id(), this);
  }

  /// What there is once the roster came.
  private record Open(Unit unit, int blockSize, Copy copy) {}
}
