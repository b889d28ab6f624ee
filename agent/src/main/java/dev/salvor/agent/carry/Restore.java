package dev.salvor.agent.carry;

import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitCheck;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitInspection;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Durable;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.wire.UnitWire;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.RestoreDown;
import dev.salvor.proto.v1.RestoreRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Brings a receipted unit back to where it once lay. What lies there now and is something else is
/// kept aside under a hidden name, never overwritten.
final class Restore {
  /// A controller that sends no block for so long is gone.
  private static final long STUCK_S = 120;

  private final CarryHome home;
  private final BlockingClientCall<?, RestoreDown> call;

  private Restore(CarryHome home, UnitId id, ManagedChannel channel) {
    this.home = home;
    this.call =
        CargoGrpc.newBlockingV2Stub(channel)
            .restore(RestoreRequest.newBuilder().setUnit(UnitWire.write(id)).build());
  }

  static Unit run(CarryHome home, UnitId id, ManagedChannel channel)
      throws CarryException, InterruptedException {
    Restore restore = new Restore(home, id, channel);
    try {
      return restore.run(id);
    } catch (StatusException e) {
      throw CopyOut.failed(e);
    } catch (TimeoutException e) {
      restore.call.cancel("stuck", e);
      throw new CarryException(Kind.UNREACHABLE, "The controller sent nothing for too long");
    } catch (IOException e) {
      restore.call.cancel("cannot write", e);
      throw new CarryException(Kind.LOCAL, "Cannot restore %s: %s".formatted(id, e));
    } catch (CarryException e) {
      restore.call.cancel("given up", e);
      throw e;
    }
  }

  private Unit run(UnitId id)
      throws CarryException, IOException, StatusException, TimeoutException, InterruptedException {
    Unit unit = roster(id);
    String boxRoot = unit.manifest().root();
    Path place = home.onDisk(boxRoot);
    if (isThere(unit, place)) {
      call.cancel("it is there already", null);
      note(unit);
      return unit;
    }
    Path parent = Objects.requireNonNullElse(place.getParent(), place);
    Files.createDirectories(parent);
    Path incoming = parent.resolve(".%s.salvor-restore".formatted(id));
    Trees.remove(incoming);
    Files.createDirectories(incoming);
    try (RestoredFiles files = new RestoredFiles(unit, incoming)) {
      for (RestoreDown down = next(); down != null; down = next()) {
        files.accept(down.getBlock());
      }
      files.finish();
    }
    check(unit, incoming);
    note(unit);
    putInPlace(unit, incoming, place);
    Trees.remove(incoming);
    return unit;
  }

  /// Read back from this disk: a job must not start from what does not open.
  private static void check(Unit unit, Path incoming) throws IOException, CarryException {
    UnitInspection found = UnitCheck.check(unit, incoming);
    if (!found.verdict().accepted()) {
      Trees.remove(incoming);
      throw new CarryException(
          Kind.LOCAL,
          "What was restored of %s is not whole on this disk (%s): %s. The place it belongs to is as it was."
              .formatted(unit.id(), found.verdict(), String.join("; ", found.reasons())));
    }
  }

  private Unit roster(UnitId id)
      throws CarryException, StatusException, TimeoutException, InterruptedException {
    RestoreDown first = next();
    if (first == null || !first.hasUnit()) {
      throw new CarryException(Kind.REFUSED, "The controller did not say what " + id + " is");
    }
    try {
      Unit unit = UnitWire.read(first.getUnit());
      String root = unit.manifest().root();
      if (!unit.id().equals(id) || !FileEntry.isSafe(root.substring(1))) {
        throw new CarryException(
            Kind.REFUSED, "The controller sent another unit, or one for no place: " + root);
      }
      return unit;
    } catch (IllegalArgumentException e) {
      throw new CarryException(
          Kind.REFUSED, "The controller sent no valid unit: " + e.getMessage());
    }
  }

  private @org.jspecify.annotations.Nullable RestoreDown next()
      throws StatusException, TimeoutException, InterruptedException {
    return call.read(STUCK_S, TimeUnit.SECONDS);
  }

  /// A place of several files is one directory and swapped whole; a single file, or results, lie
  /// among other files and are put there one by one.
  private static void putInPlace(Unit unit, Path incoming, Path place) throws IOException {
    boolean wholeDirectory =
        unit.kind() == UnitKind.CHECKPOINT && unit.manifest().files().size() > 1;
    if (wholeDirectory) {
      Trees.force(incoming);
      keepAside(place);
      Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
      Durable.force(Objects.requireNonNull(place.getParent()));
      return;
    }
    Trees.force(incoming);
    for (FileEntry file : unit.manifest().files()) {
      Path to = place.resolve(file.path());
      Path directory = Objects.requireNonNull(to.getParent());
      Files.createDirectories(directory);
      if (!isSame(to, file)) {
        keepAside(to);
        Files.move(incoming.resolve(file.path()), to, StandardCopyOption.ATOMIC_MOVE);
        Durable.force(directory);
      }
    }
  }

  /// Renames what is there to a hidden name of its own; nothing there is fine.
  private static void keepAside(Path path) throws IOException {
    for (int i = 1; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
      Path aside = path.resolveSibling(".%s.salvor-aside-%d".formatted(path.getFileName(), i));
      if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static boolean isThere(Unit unit, Path place) throws IOException {
    for (FileEntry file : unit.manifest().files()) {
      if (!isSame(place.resolve(file.path()), file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(Path path, FileEntry file) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Files.size(path) == file.size()
        && FileDigest.of(path).equals(file.digest());
  }

  /// A unit's place in the catalog is its directory, or its single file.
  private void note(Unit unit) throws IOException {
    String root = unit.manifest().root();
    home.restored(root, unit.id().manifestDigest());
    if (unit.manifest().files().size() == 1) {
      String path = unit.manifest().files().getFirst().path();
      home.restored(root + "/" + path, unit.id().manifestDigest());
    }
  }
}
