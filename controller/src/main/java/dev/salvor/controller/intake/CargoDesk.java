package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Where blocks are put and taken from. May block on disk: how fast it is, is how fast a box may
/// send.
public interface CargoDesk {

  /// Begins the copy of a unit, or goes on with one broken off.
  Copy open(Caller caller, Unit unit, int blockSize) throws DeskException;

  /// Takes out a receipted unit of the caller's run.
  Restoring restore(Caller caller, UnitId unit) throws DeskException;

  /// One copy under way; used by one thread at a time.
  interface Copy {

    /// Blocks that are here already.
    List<HeldBlock> held() throws DeskException;

    /// Checks the block against its digest and keeps it. The data is valid during the call only.
    void accept(CargoBlock block) throws DeskException;

    /// Everything was sent: verifies it. The last call.
    ///
    /// @param files as the box read them in this very copy
    Settlement close(List<FileEntry> files) throws DeskException;

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

  /// A block that is here, with the digest of what is here.
  record HeldBlock(int file, long index, Sha256 digest) {}

  /// A piece of a file.
  ///
  /// @param file index into the manifest's files
  /// @param index of the block in the file
  /// @param digest of the data
  record CargoBlock(int file, long index, ByteBuffer data, Sha256 digest) {}

  /// How a copy ended.
  ///
  /// @param why for people, where there is no receipt
  record Settlement(boolean receipted, String why) {}
}
