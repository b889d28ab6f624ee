package dev.salvor.controller.tunnel;

import dev.salvor.controller.tunnel.TunnelException.Kind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;

/// Proves that a box can be logged in to and takes bytes, over the endpoint that bulk will use:
/// "running" is only the platform's word.
public final class RealLogin {
  /// There and back again: enough to see whether a way is throttled, little enough to repeat.
  static final int PROBE_BYTES = 1 << 20;

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /// A megabyte that takes longer is no way for cargo.
  private static final Duration ONE_TRY = Duration.ofSeconds(60);

  private final Ssh ssh;
  private final String probe;

  public RealLogin(Ssh ssh, long seed) {
    this.ssh = ssh;
    byte[] noise = new byte[PROBE_BYTES / 4 * 3];
    new Random(seed).nextBytes(noise);
    this.probe = Base64.getEncoder().encodeToString(noise);
  }

  /// What was proved.
  ///
  /// @param direct false where bytes go by the platform's proxy
  /// @param login how long it took until the box let us in
  /// @param bytesPerSecond of the round trip, login included
  public record Proof(boolean direct, Duration login, double bytesPerSecond) {}

  /// Tries until it works or the time is up; then the last reason is thrown. What no waiting mends
  /// is thrown at once.
  public Proof prove(Door door, Duration deadline) throws TunnelException {
    long begun = System.nanoTime();
    while (true) {
      Duration left = deadline.minusNanos(System.nanoTime() - begun);
      try {
        return once(door, begun, left.compareTo(ONE_TRY) < 0 ? left : ONE_TRY);
      } catch (TunnelException e) {
        boolean late = deadline.minusNanos(System.nanoTime() - begun).compareTo(PAUSE) < 0;
        if (late || !e.kind().retryable()) {
          throw late ? late(door, deadline, e) : e;
        }
      }
      pause();
    }
  }

  private Proof once(Door door, long begun, Duration patience) throws TunnelException {
    long sent = System.nanoTime();
    InputStream bytes = new ByteArrayInputStream(probe.getBytes(StandardCharsets.US_ASCII));
    Ssh.Said said = ssh.exec(door, "cat", bytes, patience);
    long now = System.nanoTime();
    // A box's start-up files may greet before.
    if (said.status() != 0 || !said.out().endsWith(probe)) {
      throw new TunnelException(
          Kind.FAILED,
          "Instance %s let us in at %s, and of 1 MiB that was sent there %d characters came back, with status %d. %s"
              .formatted(door.rental(), door.at(), said.out().length(), said.status(), said.err()),
          null);
    }
    double seconds = (now - sent) / 1e9;
    return new Proof(
        door.at().direct(), Duration.ofNanos(now - begun), 2.0 * PROBE_BYTES / seconds);
  }

  private static TunnelException late(Door door, Duration deadline, TunnelException last) {
    return new TunnelException(
        last.kind(),
        "Instance %s gave no real login within %d s. The last try: %s"
            .formatted(door.rental(), deadline.toSeconds(), last.getMessage()),
        last);
  }

  private static void pause() throws TunnelException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TunnelException("The wait for a login was interrupted", e);
    }
  }
}
