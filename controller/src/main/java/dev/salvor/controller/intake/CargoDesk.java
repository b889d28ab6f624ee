package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where blocks are put and taken from. May block on disk: how fast it is, is how fast a box may
/// send.
public interface CargoDesk {

  /// Begins the copy of a unit, or goes on with one broken off.
  Copy open(Caller caller, Unit unit, int blockSize) throws DeskException;

  /// The copy of a unit that goes in parts straight to a store; empty where its blocks come here.
  default Optional<Copy> straight(Caller caller, Unit unit) throws DeskException {
    return Optional.empty();
  }

  /// Takes out a receipted unit of the caller's run.
  Restoring restore(Caller caller, UnitId unit) throws DeskException;

  /// One copy under way; used by one thread at a time.
  interface Copy {

    /// Blocks that are here already.
    List<HeldBlock> held() throws DeskException;

    /// Bytes from this box have a price.
    boolean thrifty();

    /// What blocks may be packed against.
    Optional<Unit> base() throws DeskException;

    /// Of each file, bytes of a part that goes straight to a store; empty where blocks come here.
    default List<Long> partSizes() {
      return List.of();
    }

    /// Where such a part may go.
    default Slot slot(PartName part, Sha256 digest) throws DeskException {
      throw new IllegalArgumentException("No parts are taken here: " + part);
    }

    /// Such a part is there.
    default void put(PartName part, String etag) throws DeskException {
      throw new IllegalArgumentException("No parts are taken here: " + part);
    }

    /// Keeps a block. The data is valid during the call only.
    void accept(CargoBlock block) throws DeskException;

    /// Everything was sent: verifies it. The last call.
    Settlement close() throws DeskException;

    /// The box went away in the middle: keeps what is here for the next time. The last call.
    void breakOff();
  }

  /// One unit on its way to a box; used by one thread at a time. A block once given is not written
  /// to again.
  interface Restoring extends AutoCloseable {

    Unit unit();

    /// The next block, in order; empty at the end.
    Optional<CargoBlock> next() throws DeskException;

    @Override
    void close();
  }

  /// A block that is here.
  ///
  /// @param print of what is here
  record HeldBlock(int file, long index, long print) {}

  /// Which part of which file.
  ///
  /// @param file index into the manifest's files
  /// @param number from 1
  record PartName(int file, int number) {}

  /// Where a part may go.
  ///
  /// @param held it is there already
  record Slot(boolean held, String url, Map<String, String> headers) {
    public Slot {
      headers = Map.copyOf(headers);
    }
  }

  /// A piece of a file.
  ///
  /// @param file index into the manifest's files
  /// @param index of the block in the file
  /// @param data in pieces, one after another
  /// @param form how the data are to be read
  record CargoBlock(int file, long index, List<ByteBuffer> data, Form form) {
    public CargoBlock {
      data = List.copyOf(data);
    }

    CargoBlock(int file, long index, List<ByteBuffer> data) {
      this(file, index, data, Form.RAW);
    }
  }

  /// How the data of a block are to be read.
  ///
  /// @param basePrint of the block of the base that it was packed against; 0 where none was
  record Form(boolean packed, long basePrint) {
    public static final Form RAW = new Form(false, 0);
  }

  /// How a copy ended.
  ///
  /// @param why for people, where there is no receipt
  /// @param again the same copy may be tried again at once: most blocks are here
  record Settlement(boolean receipted, String why, boolean again) {}
}
