package dev.salvor.agent.carry;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.Block;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.Close;
import dev.salvor.proto.v1.HeldBlock;
import dev.salvor.proto.v1.Roster;
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
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One copy of one unit over one connection: roster, what is held, the blocks that are not, close.
/// Every byte is read once; one block is in memory at a time beside what the line has taken.
final class CopyOut {
  static final int BLOCK_BYTES = 4 << 20;

  /// A line that takes no block for so long is dead.
  private static final long STUCK_S = 120;

  /// The controller reads everything back before it answers; its disk may be slow.
  private static final long SETTLE_S = 3600;

  private record BlockKey(int file, long index) {}

  private record Looks(long size, long modifiedMs, String inode) {}

  private final Unit unit;
  private final Path base;
  private final BlockingClientCall<CargoUp, CargoDown> call;
  private final Map<BlockKey, ByteString> held = new HashMap<>();

  private CopyOut(Unit unit, Path base, ManagedChannel channel) {
    this.unit = unit;
    this.base = base;
    this.call = CargoGrpc.newBlockingV2Stub(channel).copyOut();
  }

  /// Returns when the controller has a receipt for the unit.
  static void run(Unit unit, Path base, ManagedChannel channel)
      throws CarryException, InterruptedException {
    CopyOut copy = new CopyOut(unit, base, channel);
    try {
      copy.run();
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
    } catch (CarryException e) {
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

  private void run()
      throws CarryException, IOException, StatusException, TimeoutException, InterruptedException {
    List<Looks> before = looks();
    send(
        CargoUp.newBuilder()
            .setRoster(
                Roster.newBuilder().setUnit(UnitWire.write(unit)).setBlockSize(BLOCK_BYTES)));
    for (HeldBlock block : answer(STUCK_S).getHeld().getBlocksList()) {
      held.put(new BlockKey(block.getFile(), block.getIndex()), block.getSha256());
    }
    List<FileEntry> asRead = new ArrayList<>();
    for (int file = 0; file < unit.manifest().files().size(); file++) {
      asRead.add(sendFile(file, unit.manifest().files().get(file)));
    }
    if (!before.equals(looks())) {
      throw changed("it was written to");
    }
    send(
        CargoUp.newBuilder()
            .setClose(
                Close.newBuilder().addAllFiles(asRead.stream().map(UnitWire::write).toList())));
    call.halfClose();
    CargoDown settled = answer(SETTLE_S);
    if (!settled.hasSettled() || !settled.getSettled().getReceipted()) {
      throw new CarryException(
          Kind.REFUSED,
          "The controller gave no receipt for %s: %s"
              .formatted(unit.id(), settled.getSettled().getWhy()));
    }
  }

  private FileEntry sendFile(int file, FileEntry entry)
      throws CarryException, IOException, StatusException, TimeoutException, InterruptedException {
    MessageDigest whole = Sha256.newDigest();
    Path path = base.resolve(entry.path());
    try (FileChannel in =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long index = 0;
      for (long at = 0; at < entry.size(); at += BLOCK_BYTES) {
        byte[] data = read(in, at, (int) Math.min(BLOCK_BYTES, entry.size() - at), entry);
        whole.update(data);
        sendBlock(file, index++, data);
      }
    }
    Sha256 digest = Sha256.fromBytes(whole.digest());
    if (!digest.equals(entry.digest())) {
      throw changed(entry.path() + " has other bytes than when it was found");
    }
    return new FileEntry(entry.path(), entry.size(), digest);
  }

  private byte[] read(FileChannel in, long at, int length, FileEntry entry)
      throws IOException, CarryException {
    ByteBuffer block = ByteBuffer.allocate(length);
    while (block.hasRemaining()) {
      if (in.read(block, at + block.position()) < 0) {
        throw changed(entry.path() + " became shorter");
      }
    }
    return block.array();
  }

  private void sendBlock(int file, long index, byte[] data)
      throws CarryException, StatusException, TimeoutException, InterruptedException {
    ByteString digest = UnsafeByteOperations.unsafeWrap(Sha256.newDigest().digest(data));
    if (digest.equals(held.get(new BlockKey(file, index)))) {
      return;
    }
    Block.Builder block =
        Block.newBuilder()
            .setFile(file)
            .setIndex(index)
            .setData(UnsafeByteOperations.unsafeWrap(data))
            .setSha256(digest);
    send(CargoUp.newBuilder().setBlock(block));
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
