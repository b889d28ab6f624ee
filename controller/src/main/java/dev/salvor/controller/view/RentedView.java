package dev.salvor.controller.view;

import java.util.List;

/// Rentals of the account as the platform lists them.
///
/// @param raw the platform's own JSON
public record RentedView(List<Line> instances, String raw) {
  public RentedView {
    instances = List.copyOf(instances);
  }

  /// One rental.
  ///
  /// @param burn what it costs now, US dollars an hour
  public record Line(
      long id, String label, String status, String gpu, int gpus, double burn, String words) {}
}
