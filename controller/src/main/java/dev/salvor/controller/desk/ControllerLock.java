package dev.salvor.controller.desk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Holds a state directory for one controller. The operating system lets go of it when the process
/// ends, however it ends.
final class ControllerLock implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private ControllerLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  static ControllerLock take(StateDir dir) throws DeskException {
    FileChannel channel = open(dir);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      // This very process holds it: as taken as by any other.
    } catch (IOException e) {
      close(channel);
      throw broken(dir, e);
    }
    if (lock == null) {
      close(channel);
      throw new DeskException(
          DeskException.Kind.IN_USE,
          "Cannot start a controller on %s: another one%s has it. Use that one, or name another --state-dir."
              .formatted(
                  dir.root(),
                  Advert.of(dir).map(other -> " (pid " + other.pid() + ")").orElse("")));
    }
    return new ControllerLock(channel, lock);
  }

  void advertise(StateDir dir, Advert advert) throws DeskException {
    try {
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap((Json.line(advert) + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(true);
    } catch (IOException e) {
      throw broken(dir, e);
    }
  }

  /// Lets go. The file stays: deleting it would let two controllers lock two different files.
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.truncate(0);
      lock.release();
      channel.close();
    }
  }

  private static FileChannel open(StateDir dir) throws DeskException {
    try {
      FileChannel channel =
          FileChannel.open(
              dir.lock(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      StateDir.closeToOthers(dir.lock());
      return channel;
    } catch (IOException e) {
      throw broken(dir, e);
    }
  }

  private static void close(FileChannel channel) throws DeskException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DeskException(DeskException.Kind.ENVIRONMENT, "Cannot close the lock file", e);
    }
  }

  private static DeskException broken(StateDir dir, IOException cause) {
    return new DeskException(
        DeskException.Kind.ENVIRONMENT,
        "Cannot lock %s: %s. Make room or rights there, or name another place with --state-dir."
            .formatted(dir.lock(), cause),
        cause);
  }
}
