package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Which process holds a tunnel, on disk: a controller that was killed leaves its ssh running, and
/// the next one ends it.
record TunnelNote(Path file) {
  private static final Duration DEATH = Duration.ofSeconds(3);

  static TunnelNote of(Door door, String name) {
    Path pins = door.keys().knownHosts();
    return new TunnelNote(pins.resolveSibling("tunnel-" + door.rental() + "-" + name));
  }

  void write(ProcessHandle ssh) throws TunnelException {
    try {
      Files.writeString(file, ssh.pid() + " " + begun(ssh));
    } catch (IOException e) {
      ssh.destroy();
      throw new TunnelException(
          Kind.LOCAL, "Cannot note the tunnel's process in %s: %s".formatted(file, e), e);
    }
  }

  /// A process of the same number that began at another time is somebody else's.
  void endLeftOver() {
    try {
      String[] words = Files.readString(file).split(" ", 2);
      Optional<ProcessHandle> left =
          ProcessHandle.of(Long.parseLong(words[0]))
              .filter(ssh -> words.length == 2 && begun(ssh).equals(words[1]));
      if (left.isPresent()) {
        left.get().destroy();
        left.get().onExit().get(DEATH.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException | NumberFormatException | ExecutionException | TimeoutException e) {
      // None there, or nothing that can be ended: a second tunnel does no harm.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It names a process that has ended.
      return;
    }
  }

  private static String begun(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }
}
