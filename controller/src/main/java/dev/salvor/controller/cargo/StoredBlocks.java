package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// The blocks of a receipted unit in order, file by file, one in memory at a time. Empty files have
/// none.
public final class StoredBlocks implements AutoCloseable {
  public static final int BLOCK_BYTES = 4 << 20;

  private final Target target;
  private final RunId run;
  private final Unit unit;
  private int file = -1;
  private long index;
  private InputStream in = InputStream.nullInputStream();

  private StoredBlocks(Target target, RunId run, Unit unit) {
    this.target = target;
    this.run = run;
    this.unit = unit;
  }

  /// Empty where the target has no receipted unit of this id.
  public static Optional<StoredBlocks> open(Target target, RunId run, UnitId id)
      throws CargoException {
    return target.unit(run, id).map(unit -> new StoredBlocks(target, run, unit));
  }

  public Unit unit() {
    return unit;
  }

  /// The next block; empty behind the last.
  public Optional<StoredBlock> next() throws CargoException {
    List<FileEntry> files = unit.manifest().files();
    Blocks blocks = new Blocks(BLOCK_BYTES);
    try {
      while (file < 0 || index >= blocks.count(files.get(file))) {
        in.close();
        if (file + 1 >= files.size()) {
          return Optional.empty();
        }
        file++;
        index = 0;
        in = target.read(run, unit.id(), files.get(file).path());
      }
      int length = blocks.length(files.get(file), index);
      byte[] data = in.readNBytes(length);
      if (data.length != length) {
        throw new CargoException(
            Kind.DISK_FAILED, files.get(file).path() + " of " + unit.id() + " is too short");
      }
      return Optional.of(block(data));
    } catch (IOException e) {
      throw CargoException.of("Cannot read unit " + unit.id() + " back", e);
    }
  }

  private StoredBlock block(byte[] data) {
    return new StoredBlock(file, index++, ByteBuffer.wrap(data).asReadOnlyBuffer());
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Read-only: nothing can be lost.
      in = InputStream.nullInputStream();
    }
  }
}
