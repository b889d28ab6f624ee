package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One look at the account: what is left, what was charged for each rental so far, and what disks
/// it has besides.
///
/// @param from charges from this moment on are counted
public record Bill(
    Instant at, Instant from, Usd credit, Map<InstanceId, Usd> charged, Shelf shelf) {
  public Bill {
    charged = Map.copyOf(charged);
  }

  /// The account's volumes.
  ///
  /// @param listed whether the list is whole; else nothing is known of them
  public record Shelf(boolean listed, List<Volume> volumes) {
    public static final Shelf UNKNOWN = new Shelf(false, List.of());

    public Shelf {
      volumes = List.copyOf(volumes);
    }
  }

  /// A disk that outlives rentals, and bills until it is deleted.
  ///
  /// @param instances how many rentals of the account have it
  /// @param price zero where nobody says
  public record Volume(
      long id, String name, MachineId machine, double gb, int instances, UsdPerHour price) {}
}
