package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;

/// A machine for rent as the platform listed it, with what the decision needs.
///
/// @param price GPU and disk on demand, an hour
/// @param minBid the lowest bid that runs now, an hour
/// @param storage what the disk costs an hour while stopped
/// @param uploadPerGb bytes off the box, US dollars a GB, in millionths
/// @param downloadPerGb bytes onto the box, the same
/// @param contract how long the host lets it from then on; zero where the platform does not say
public record Offer(
    long id,
    MachineId machine,
    String gpu,
    int gpus,
    UsdPerHour price,
    UsdPerHour minBid,
    UsdPerHour storage,
    long uploadPerGb,
    long downloadPerGb,
    double reliability,
    String place,
    Duration contract) {
  private static final double BYTES_PER_GB = 1e9;

  /// Whose contract nobody knows.
  public Offer(
      long id,
      MachineId machine,
      String gpu,
      int gpus,
      UsdPerHour price,
      UsdPerHour minBid,
      UsdPerHour storage,
      long uploadPerGb,
      long downloadPerGb,
      double reliability,
      String place) {
    this(
        id,
        machine,
        gpu,
        gpus,
        price,
        minBid,
        storage,
        uploadPerGb,
        downloadPerGb,
        reliability,
        place,
        Duration.ZERO);
  }

  /// What so many bytes off the box cost.
  public Usd upload(long bytes) {
    return new Usd(Math.round(uploadPerGb * (bytes / BYTES_PER_GB)));
  }

  /// What so many bytes onto the box cost.
  public Usd download(long bytes) {
    return new Usd(Math.round(downloadPerGb * (bytes / BYTES_PER_GB)));
  }
}
