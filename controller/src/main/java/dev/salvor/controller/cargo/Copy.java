package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One unit on its way in. Blocks may come in any order and twice; each is checked against the
/// digest it came with, the whole against the manifest.
public final class Copy implements AutoCloseable {
  static final String DATA = "data";

  record Cargo(RunId run, Unit unit, Blocks blocks, Path place) {
    List<FileEntry> files() {
      return unit.manifest().files();
    }

    Path path(int file) {
      return place.resolve(DATA).resolve(files().get(file).path());
    }
  }

  private record BlockKey(int file, long index) {}

  private final Cargo cargo;
  private final Staging staging;
  private final BlockJournal journal;
  private final Map<BlockKey, HeldBlock> held = new HashMap<>();
  private volatile boolean superseded;
  private int openFile = -1;
  private @org.jspecify.annotations.Nullable FileChannel openChannel;

  private Copy(Cargo cargo, Staging staging, BlockJournal journal) {
    this.cargo = cargo;
    this.staging = staging;
    this.journal = journal;
  }

  static Copy open(Cargo cargo, Staging staging) throws IOException, CargoException {
    layOut(cargo);
    Copy copy = new Copy(cargo, staging, BlockJournal.open(cargo.place().resolve("blocks")));
    for (HeldBlock block : copy.journal.replay()) {
      if (copy.exists(block.file(), block.index())) {
        copy.held.put(new BlockKey(block.file(), block.index()), block);
      }
    }
    return copy;
  }

  /// Makes every file at its full length, so that a block can be written wherever it belongs.
  private static void layOut(Cargo cargo) throws IOException, CargoException {
    for (int i = 0; i < cargo.files().size(); i++) {
      try {
        layOut(cargo.path(i), cargo.files().get(i).size());
      } catch (InvalidPathException e) {
        throw new CargoException(
            Kind.HOSTILE, "A file name that this system cannot have: " + e.getMessage());
      }
    }
  }

  private static void layOut(Path path, long size) throws IOException {
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    try (FileChannel file = write(path)) {
      if (file.size() > size) {
        file.truncate(size);
      }
    }
  }

  private static FileChannel write(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  public Unit unit() {
    return cargo.unit();
  }

  /// What need not be sent, in no order.
  public synchronized List<HeldBlock> held() {
    return List.copyOf(held.values());
  }

  synchronized long missingBytes() {
    long missing = cargo.unit().manifest().bytes();
    for (HeldBlock block : held.values()) {
      missing -= cargo.blocks().length(cargo.files().get(block.file()), block.index());
    }
    return missing;
  }

  /// Stages one block. It is journaled only after its bytes are written.
  public synchronized void accept(int file, long index, ByteBuffer data, Sha256 digest)
      throws CargoException {
    requireCurrent();
    if (!exists(file, index)
        || data.remaining() != cargo.blocks().length(cargo.files().get(file), index)) {
      throw new CargoException(
          Kind.HOSTILE, "No such block in %s: %d of file %d".formatted(unit().id(), index, file));
    }
    var check = Sha256.newDigest();
    check.update(data.duplicate());
    if (!Sha256.fromBytes(check.digest()).equals(digest)) {
      throw new CargoException(
          Kind.HOSTILE,
          "Block %d of %s does not hash to the digest it came with"
              .formatted(index, cargo.files().get(file).path()));
    }
    HeldBlock block = new HeldBlock(file, index, digest);
    if (block.equals(held.get(new BlockKey(file, index)))) {
      return;
    }
    try {
      store(block, data);
    } catch (IOException e) {
      throw CargoException.of("Cannot stage a block of " + unit().id(), e);
    }
  }

  private void store(HeldBlock block, ByteBuffer data) throws IOException {
    FileChannel channel = channel(block.file());
    long at = block.index() * cargo.blocks().size();
    ByteBuffer rest = data.duplicate();
    while (rest.hasRemaining()) {
      at += channel.write(rest, at);
    }
    journal.append(block);
    held.put(new BlockKey(block.file(), block.index()), block);
  }

  /// Blocks mostly come in order: one file is kept open.
  private FileChannel channel(int file) throws IOException {
    FileChannel channel = openChannel;
    if (channel != null && openFile == file) {
      return channel;
    }
    if (channel != null) {
      channel.close();
    }
    channel = write(cargo.path(file));
    openChannel = channel;
    openFile = file;
    return channel;
  }

  private boolean exists(int file, long index) {
    return file >= 0
        && file < cargo.files().size()
        && index >= 0
        && index < cargo.blocks().count(cargo.files().get(file));
  }

  /// Ends the copy: every block must be there, the digests of the bytes as the box read them now
  /// must be the manifest's, and the staged bytes must be too; then it lands.
  public synchronized Landing close(List<FileEntry> asRead) throws CargoException {
    requireCurrent();
    if (!asRead.equals(cargo.files())) {
      return new Landing.Refused(
          "Unit %s changed on the box while it was copied".formatted(unit().id()));
    }
    if (missingBytes() != 0) {
      return new Landing.Refused("Unit %s lacks %d bytes".formatted(unit().id(), missingBytes()));
    }
    try {
      int damaged = dropDamaged();
      if (damaged > 0) {
        return new Landing.Refused(
            "%d staged blocks of %s are damaged: they are to be sent again"
                .formatted(damaged, unit().id()));
      }
      closeFiles();
    } catch (IOException e) {
      throw CargoException.of("Cannot read back unit " + unit().id(), e);
    }
    return staging.land(cargo);
  }

  /// Reads back every block; those that no longer hash to their digest are no longer held.
  private int dropDamaged() throws IOException {
    List<BlockKey> damaged = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.allocate(cargo.blocks().size());
    for (int file = 0; file < cargo.files().size(); file++) {
      damaged.addAll(damaged(file, buffer));
    }
    if (!damaged.isEmpty()) {
      damaged.forEach(held::remove);
      journal.rewrite(held.values());
    }
    return damaged.size();
  }

  private List<BlockKey> damaged(int file, ByteBuffer buffer) throws IOException {
    List<BlockKey> damaged = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(cargo.path(file), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (long index = 0; index < cargo.blocks().count(cargo.files().get(file)); index++) {
        BlockKey key = new BlockKey(file, index);
        if (!isIntact(channel, buffer, Objects.requireNonNull(held.get(key)))) {
          damaged.add(key);
        }
      }
    }
    return damaged;
  }

  private boolean isIntact(FileChannel channel, ByteBuffer buffer, HeldBlock block)
      throws IOException {
    long at = block.index() * cargo.blocks().size();
    buffer.clear().limit(cargo.blocks().length(cargo.files().get(block.file()), block.index()));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        return false;
      }
    }
    var digest = Sha256.newDigest();
    digest.update(buffer.flip());
    return Sha256.fromBytes(digest.digest()).equals(block.digest());
  }

  private void requireCurrent() throws CargoException {
    if (superseded) {
      throw new CargoException(
          Kind.SUPERSEDED, "Another connection carries " + unit().id() + " now");
    }
  }

  /// Waits for a block that is being written, then lets nothing more in.
  void supersede() {
    superseded = true;
    close();
  }

  /// Lets go of the files; what is staged stays for the next attempt.
  @Override
  public synchronized void close() {
    try {
      closeFiles();
    } catch (IOException e) {
      // Closing cannot lose a block: each is read back and hashed before it counts.
      superseded = true;
    }
    staging.closed(this, cargo.place());
  }

  private void closeFiles() throws IOException {
    FileChannel channel = openChannel;
    openChannel = null;
    openFile = -1;
    journal.close();
    if (channel != null) {
      channel.close();
    }
  }
}
