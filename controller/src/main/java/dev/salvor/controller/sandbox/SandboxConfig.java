package dev.salvor.controller.sandbox;

import dev.salvor.controller.sandbox.market.Pace;
import dev.salvor.controller.sandbox.market.Rivals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a sandbox is started with. Port 0 is the port it had before, or any; an `idleExit` of zero
/// is never.
public record SandboxConfig(
    Path stateDir,
    int port,
    Path bundle,
    Optional<Path> faultsFile,
    long seed,
    boolean json,
    Duration idleExit,
    Manner manner) {
  /// How it behaves, where the usual is not wanted.
  ///
  /// @param faults JSON of what shall go wrong, beside those of the file
  /// @param wipe disks and books go when it ends
  /// @param bare boxes come without a bundle
  public record Manner(
      boolean rateLimits,
      Pace pace,
      boolean plainBoxes,
      Rivals rivals,
      List<String> faults,
      boolean wipe,
      boolean bare) {
    public static final Manner USUAL = new Manner(false, Pace.USUAL, false);

    public Manner {
      faults = List.copyOf(faults);
    }

    public Manner(boolean rateLimits, Pace pace, boolean plainBoxes) {
      this(rateLimits, pace, plainBoxes, Rivals.NONE, List.of(), false, false);
    }
  }

  public SandboxConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /// In the usual manner: no rate limits, a start in up to a second, namespaces where they are
  /// granted.
  public SandboxConfig(
      Path stateDir,
      int port,
      Path bundle,
      Optional<Path> faultsFile,
      long seed,
      boolean json,
      Duration idleExit) {
    this(stateDir, port, bundle, faultsFile, seed, json, idleExit, Manner.USUAL);
  }
}
