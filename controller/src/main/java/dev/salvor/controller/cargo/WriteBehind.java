package dev.salvor.controller.cargo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// Has the disk write while more comes in, so that little is left to wait for at the end.
final class WriteBehind {
  /// A second or so of a fast line.
  private static final long EACH_BYTES = 64L << 20;

  private static final ExecutorService DISK =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("write-behind-", 0).daemon().factory());

  private final AtomicBoolean busy = new AtomicBoolean();
  private long written;

  /// Returns at once.
  void wrote(FileChannel channel, long bytes) {
    written += bytes;
    if (written >= EACH_BYTES && busy.compareAndSet(false, true)) {
      written = 0;
      DISK.execute(() -> force(channel));
    }
  }

  private void force(FileChannel channel) {
    try {
      channel.force(false);
    } catch (IOException e) {
      // Whoever lands the unit forces it once more, and is told what the disk says.
      written = 0;
    } finally {
      busy.set(false);
    }
  }
}
