package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.BlockPrint;
import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.pack.BlockUnpacker;
import dev.salvor.common.pack.PackedException;
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
import java.util.Optional;

/// One unit on its way in. Blocks may come in any order and twice; the whole is checked against the
/// manifest.
public final class Copy implements AutoCloseable {
  static final String DATA = "data";
  private static final byte[] NOTHING = {};

  record Cargo(RunId run, Unit unit, Blocks blocks, Path place, Optional<EarlierUnit> base) {
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
  private final Arrivals arrivals = new Arrivals();
  private final BlockUnpacker unpacking = new BlockUnpacker();
  private final WriteBehind behind = new WriteBehind();
  private volatile boolean superseded;
  private long sentBytes;
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
    copy.sentBytes = cargo.unit().manifest().bytes() - copy.missingBytes();
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
  ///
  /// @param data in pieces, one after another
  public synchronized void accept(int file, long index, List<ByteBuffer> data)
      throws CargoException {
    requireCurrent();
    long length = bytes(data);
    if (length != length(file, index)) {
      throw new CargoException(
          Kind.HOSTILE, "Block %d of file %d has %d bytes".formatted(index, file, length));
    }
    sentBytes += length;
    keep(file, index, data);
  }

  /// The same of a block that is packed. One against a base that is not here any more is not kept,
  /// and missing at the end.
  ///
  /// @param basePrint of the block of the base, as the sender has it
  public synchronized void acceptPacked(
      int file, long index, List<ByteBuffer> packed, long basePrint) throws CargoException {
    requireCurrent();
    int length = length(file, index);
    sentBytes += bytes(packed);
    try {
      byte[] block =
          unpacking.unpack(joined(packed), length, () -> base(file, index, length, basePrint));
      keep(file, index, List.of(ByteBuffer.wrap(block)));
    } catch (PackedException e) {
      if (!e.lacksBase()) {
        throw new CargoException(
            Kind.HOSTILE,
            "Block %d of file %d does not unpack: %s".formatted(index, file, e.getMessage()));
      }
    }
  }

  private byte[] base(int file, long index, int length, long print) {
    Optional<byte[]> block =
        cargo.base().flatMap(base -> base.block(file, index * cargo.blocks().size(), length));
    return block.filter(b -> BlockPrint.of(ByteBuffer.wrap(b)) == print).orElse(NOTHING);
  }

  private static ByteBuffer joined(List<ByteBuffer> pieces) {
    ByteBuffer joined = ByteBuffer.allocate((int) bytes(pieces));
    pieces.forEach(piece -> joined.put(piece.duplicate()));
    return joined.flip();
  }

  private static long bytes(List<ByteBuffer> data) {
    return data.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  private int length(int file, long index) throws CargoException {
    if (!exists(file, index)) {
      throw new CargoException(
          Kind.HOSTILE, "No such block in %s: %d of file %d".formatted(unit().id(), index, file));
    }
    return cargo.blocks().length(cargo.files().get(file), index);
  }

  /// What blocks may be packed against; empty where nothing like it is home.
  public Optional<Unit> base() {
    return cargo.base().map(EarlierUnit::unit);
  }

  /// Bytes that came over the line; what an earlier attempt sent counts in full.
  public synchronized long sentBytes() {
    return sentBytes;
  }

  private void keep(int file, long index, List<ByteBuffer> data) throws CargoException {
    HeldBlock block = new HeldBlock(file, index, BlockPrint.of(data));
    if (block.equals(held.get(new BlockKey(file, index)))) {
      return;
    }
    try {
      store(block, data);
      arrivals.took(file, index, cargo.blocks().count(cargo.files().get(file)), data);
      behind.wrote(channel(file), bytes(data));
    } catch (IOException e) {
      throw CargoException.of("Cannot stage a block of " + unit().id(), e);
    }
  }

  private void store(HeldBlock block, List<ByteBuffer> data) throws IOException {
    FileChannel channel = channel(block.file());
    channel.position(block.index() * cargo.blocks().size());
    ByteBuffer[] pieces = data.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
    long left = bytes(data);
    while (left > 0) {
      left -= channel.write(pieces);
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

  /// Ends the copy: every block must be there, and every file must hash to the manifest's digest:
  /// as it came where it came in order, else as it is read back now. Then it lands.
  public synchronized Landing settle() throws CargoException {
    requireCurrent();
    if (missingBytes() != 0) {
      return new Landing.Again("Unit %s lacks %d bytes".formatted(unit().id(), missingBytes()));
    }
    try {
      List<Landing> wrong = dropWrong();
      if (!wrong.isEmpty()) {
        return wrong.getFirst();
      }
      closeFiles();
    } catch (IOException e) {
      throw CargoException.of("Cannot read back unit " + unit().id(), e);
    }
    return staging.land(cargo);
  }

  /// What is wrong with each file that is not what the manifest names; its blocks are no longer
  /// held.
  private List<Landing> dropWrong() throws IOException {
    List<Landing> wrong = new ArrayList<>();
    for (int file = 0; file < cargo.files().size(); file++) {
      FileEntry entry = cargo.files().get(file);
      Optional<Sha256> arrived = arrivals.of(file);
      Sha256 is = arrived.isPresent() ? arrived.get() : FileDigest.of(cargo.path(file));
      if (!is.equals(entry.digest())) {
        wrong.add(dropWrong(file, entry));
      }
    }
    if (!wrong.isEmpty()) {
      journal.rewrite(held.values());
    }
    return wrong;
  }

  /// Where blocks are not what was kept, this disk is to blame, and those go; else all of the file.
  private Landing dropWrong(int file, FileEntry entry) throws IOException {
    List<BlockKey> damaged = damaged(file, entry);
    if (!damaged.isEmpty()) {
      damaged.forEach(held::remove);
      return new Landing.Again(
          "%d staged blocks of %s are damaged: they are to be sent again"
              .formatted(damaged.size(), entry.path()));
    }
    held.keySet().removeIf(key -> key.file() == file);
    return new Landing.Refused(
        "%s has other bytes than when it was found: it was written to since"
            .formatted(entry.path()));
  }

  private List<BlockKey> damaged(int file, FileEntry entry) throws IOException {
    List<BlockKey> damaged = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.allocate(cargo.blocks().size());
    try (FileChannel channel =
        FileChannel.open(cargo.path(file), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (long index = 0; index < cargo.blocks().count(entry); index++) {
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
    return BlockPrint.of(buffer.flip()) == block.print();
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
    unpacking.close();
    cargo.base().ifPresent(EarlierUnit::close);
    journal.close();
    if (channel != null) {
      channel.close();
    }
  }
}
