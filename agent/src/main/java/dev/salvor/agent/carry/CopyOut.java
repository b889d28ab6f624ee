package dev.salvor.agent.carry;

import com.google.protobuf.UnsafeByteOperations;
import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.BlockPrint;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Close;
import dev.salvor.proto.v1.Held;
import dev.salvor.proto.v1.HeldBlock;
import dev.salvor.proto.v1.Roster;
import dev.salvor.proto.v1.Settled;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One copy of one unit over one connection: roster, what is held, the blocks that are not, close.
/// The files were hashed when they were found; here they are read once, and the controller hashes
/// what arrives.
final class CopyOut {
  static final int BLOCK_BYTES = 4 << 20;

  /// What may wait to be encrypted while the next block is read.
  private static final int AHEAD_BYTES = 8 << 20;

  /// A line that takes no block for so long is dead.
  private static final long STUCK_S = 120;

  /// The controller proves everything before it answers; its disk may be slow.
  private static final long SETTLE_S = 3600;

  /// A second time without a base, a third where the disk there damages blocks.
  private static final int MOST_AGAIN = 2;

  private record BlockKey(int file, long index) {}

  private record Looks(long size, long modifiedMs, String inode) {}

  private final Unit unit;
  private final Path base;
  private final CarryHome home;
  private final BlockingClientCall<CargoUp, CargoDown> call;
  private final Map<BlockKey, Long> held = new HashMap<>();
  private final Thrift thrift = new Thrift();
  private final boolean mayUseBase;
  private final boolean blocksOnly;

  /// Used for every block: the line has its own copy of one when it has taken it.
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);

  private CopyOut(Outgoing outgoing, ManagedChannel channel, Way way) {
    this.unit = outgoing.unit();
    this.base = outgoing.place();
    this.home = outgoing.home();
    this.mayUseBase = way.mayUseBase();
    this.blocksOnly = way.blocksOnly();
    this.call = CargoGrpc.newBlockingV2Stub(channel).withOnReadyThreshold(AHEAD_BYTES).copyOut();
  }

  /// What is to go out.
  ///
  /// @param place where its files lie
  record Outgoing(CarryHome home, Unit unit, Path place) {}

  /// How it may go.
  private record Way(boolean mayUseBase, boolean blocksOnly) {}

  /// Returns when the controller has a receipt for the unit.
  static void run(Outgoing outgoing, ManagedChannel channel)
      throws CarryException, InterruptedException {
    Settled settled = anyWay(outgoing, channel, true);
    for (int i = 0; i < MOST_AGAIN && settled.getAgain(); i++) {
      settled = anyWay(outgoing, channel, false);
    }
    if (!settled.getReceipted()) {
      throw new CarryException(
          Kind.REFUSED,
          "The controller gave no receipt for %s: %s"
              .formatted(outgoing.unit().id(), settled.getWhy()));
    }
  }

  /// Straight to a store where the controller wants it so, and that can be reached from here.
  private static Settled anyWay(Outgoing outgoing, ManagedChannel channel, boolean mayUseBase)
      throws CarryException, InterruptedException {
    try {
      return once(outgoing, channel, new Way(mayUseBase, false));
    } catch (StraightOut.OutOfReach e) {
      System.err.println(e.getMessage() + "; the blocks go to the controller");
    }
    try {
      return once(outgoing, channel, new Way(mayUseBase, true));
    } catch (StraightOut.OutOfReach e) {
      throw new CarryException(Kind.UNREACHABLE, String.valueOf(e.getMessage()));
    }
  }

  private static Settled once(Outgoing outgoing, ManagedChannel channel, Way way)
      throws CarryException, InterruptedException, StraightOut.OutOfReach {
    Unit unit = outgoing.unit();
    CopyOut copy = new CopyOut(outgoing, channel, way);
    try (copy.thrift) {
      return copy.run();
    } catch (StatusException e) {
      throw failed(e);
    } catch (TimeoutException e) {
      copy.call.cancel("stuck", e);
      throw new CarryException(
          Kind.UNREACHABLE, "The controller took or said nothing for too long");
    } catch (NoSuchFileException e) {
      copy.call.cancel("gone", e);
      throw new CarryException(
          Kind.CHANGED, "%s went away while it was copied: %s".formatted(unit.id(), e.getFile()));
    } catch (IOException e) {
      copy.call.cancel("unreadable", e);
      throw new CarryException(Kind.LOCAL, "Cannot read %s: %s".formatted(unit.id(), e));
    } catch (CarryException | StraightOut.OutOfReach e) {
      copy.call.cancel("given up", e);
      throw e;
    }
  }

  static CarryException failed(StatusException e) {
    var status = e.getStatus();
    Kind kind =
        switch (status.getCode()) {
          case UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNKNOWN ->
              Kind.UNREACHABLE;
          default -> Kind.REFUSED;
        };
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String cause = deepest.equals(e) ? "" : " (" + deepest.getMessage() + ")";
    return new CarryException(
        kind,
        "The controller answered %s: %s%s"
            .formatted(status.getCode(), status.getDescription(), cause));
  }

  private Settled run()
      throws CarryException,
          IOException,
          StatusException,
          TimeoutException,
          InterruptedException,
          StraightOut.OutOfReach {
    List<Looks> before = looks();
    Roster.Builder roster = Roster.newBuilder().setUnit(UnitWire.write(unit));
    send(
        CargoUp.newBuilder().setRoster(roster.setBlockSize(BLOCK_BYTES).setBlocksOnly(blocksOnly)));
    // From here on the call has its connection, and what is sent is taken at once.
    CargoDown first = answer(STUCK_S);
    if (first.hasStraight()) {
      new StraightOut(unit, base, line()).run(first.getStraight().getPartSizeList());
    } else {
      sendBlocks(first.getHeld());
    }
    if (!before.equals(looks())) {
      throw changed("it was written to");
    }
    send(CargoUp.newBuilder().setClose(Close.getDefaultInstance()));
    call.halfClose();
    return answer(SETTLE_S).getSettled();
  }

  private StraightOut.Line line() {
    return new StraightOut.Line() {
      @Override
      public void send(CargoUp.Builder message)
          throws CarryException, StatusException, TimeoutException, InterruptedException {
        CopyOut.this.send(message);
      }

      @Override
      public CargoDown answer()
          throws CarryException, StatusException, TimeoutException, InterruptedException {
        return CopyOut.this.answer(STUCK_S);
      }
    };
  }

  private void sendBlocks(Held answer)
      throws CarryException, IOException, StatusException, TimeoutException, InterruptedException {
    thrift.told(answer.getThrifty());
    for (HeldBlock each : answer.getBlocksList()) {
      held.put(new BlockKey(each.getFile(), each.getIndex()), each.getPrint());
    }
    try (EarlierFiles old = baseFiles(answer)) {
      for (int file = 0; file < unit.manifest().files().size(); file++) {
        sendFile(file, unit.manifest().files().get(file), old);
      }
    }
  }

  private EarlierFiles baseFiles(Held answer) {
    return mayUseBase && answer.hasBase()
        ? EarlierFiles.find(home, answer.getBase(), unit)
        : EarlierFiles.NONE;
  }

  private void sendFile(int file, FileEntry entry, EarlierFiles before)
      throws CarryException, IOException, StatusException, TimeoutException, InterruptedException {
    Path path = base.resolve(entry.path());
    try (FileChannel in =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long index = 0;
      for (long at = 0; at < entry.size(); at += BLOCK_BYTES) {
        read(in, at, (int) Math.min(BLOCK_BYTES, entry.size() - at), entry);
        sendBlock(file, index++, before);
      }
    }
  }

  private void read(FileChannel in, long at, int length, FileEntry entry)
      throws IOException, CarryException {
    block.clear().limit(length);
    while (block.hasRemaining()) {
      if (in.read(block, at + block.position()) < 0) {
        throw changed(entry.path() + " became shorter");
      }
    }
    block.flip();
  }

  private void sendBlock(int file, long index, EarlierFiles before)
      throws CarryException, StatusException, TimeoutException, InterruptedException {
    Long print = held.get(new BlockKey(file, index));
    if (print != null && print == BlockPrint.of(block)) {
      return;
    }
    Block.Builder wire = Block.newBuilder().setFile(file).setIndex(index);
    if (thrift.on()) {
      byte[] old = before.block(file, index * BLOCK_BYTES, block.limit());
      ByteBuffer packed = thrift.pack(block.array(), block.limit(), old);
      wire.setPacked(true).setData(UnsafeByteOperations.unsafeWrap(packed));
      if (old.length > 0) {
        wire.setBasePrint(BlockPrint.of(ByteBuffer.wrap(old)));
      }
    } else {
      wire.setData(UnsafeByteOperations.unsafeWrap(block.array(), 0, block.limit()));
    }
    send(CargoUp.newBuilder().setBlock(wire));
    thrift.sent(block.limit());
  }

  /// Waits until the line takes it: that is the back-pressure.
  private void send(CargoUp.Builder message)
      throws CarryException, StatusException, TimeoutException, InterruptedException {
    if (!call.write(message.build(), STUCK_S, TimeUnit.SECONDS)) {
      CargoDown early = answer(STUCK_S);
      throw new CarryException(
          Kind.REFUSED, "The controller stopped the copy: " + early.getSettled().getWhy());
    }
  }

  private CargoDown answer(long seconds)
      throws CarryException, StatusException, TimeoutException, InterruptedException {
    CargoDown answer = call.read(seconds, TimeUnit.SECONDS);
    if (answer == null) {
      throw new CarryException(Kind.UNREACHABLE, "The controller ended the copy without a word");
    }
    return answer;
  }

  private List<Looks> looks() throws IOException, CarryException {
    List<Looks> looks = new ArrayList<>();
    for (FileEntry file : unit.manifest().files()) {
      BasicFileAttributes found =
          Files.readAttributes(
              base.resolve(file.path()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile() || found.size() != file.size()) {
        throw changed(file.path() + " is not the file that was found");
      }
      looks.add(
          new Looks(
              found.size(), found.lastModifiedTime().toMillis(), String.valueOf(found.fileKey())));
    }
    return looks;
  }

  private CarryException changed(String what) {
    return new CarryException(
        Kind.CHANGED,
        "Cannot copy %s: %s. The next rescan finds what is there now.".formatted(unit.id(), what));
  }
}
