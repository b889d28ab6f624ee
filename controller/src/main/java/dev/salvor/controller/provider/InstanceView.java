package dev.salvor.controller.provider;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// All that the platform says of one rental.
///
/// @param ports inside, such as "8080/tcp", to the port outside
/// @param raw the platform's own JSON
public record InstanceView(
    Row row,
    Image image,
    Span span,
    Disk disk,
    Map<String, Integer> ports,
    Optional<SshAddress> ssh,
    Place place,
    String raw) {
  public InstanceView {
    ports = Map.copyOf(ports);
  }

  /// What it was started from.
  ///
  /// @param runtype in the platform's words
  public record Image(String name, String runtype) {}

  /// Since when, and until when.
  ///
  /// @param ends when the contract does; empty if the platform does not say
  public record Span(Optional<Instant> started, Optional<Instant> ends) {}

  /// Its disk.
  ///
  /// @param usedGb empty until it is measured
  public record Disk(double gb, OptionalDouble usedGb) {}

  /// Where it stands.
  ///
  /// @param reliability from 0 to 1
  public record Place(String where, String verification, double reliability) {}
}
