package dev.salvor.controller.provider;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Permit;
import java.util.List;

/// Disks that outlive rentals, each bound to one machine, each billing until it is deleted.
public interface Volumes {

  default List<Volume> list() throws ProviderException {
    return listed().volumes();
  }

  /// The list as we read it and as the platform wrote it, by one question.
  Listed listed() throws ProviderException;

  /// Room for a volume of at least so many GB, cheapest first.
  List<Room> search(int gb) throws ProviderException;

  /// Makes one; sent once, since each creation bills. Answers its number.
  long create(long room, int gb, String name) throws ProviderException;

  /// Erases one that the permit's rental had. One that is gone already counts as erased.
  void delete(Permit permit, long volume) throws ProviderException;

  /// All of them.
  ///
  /// @param raw the platform's own JSON
  record Listed(List<Volume> volumes, String raw) {
    public Listed {
      volumes = List.copyOf(volumes);
    }
  }

  /// One volume.
  ///
  /// @param instances how many rentals use it
  /// @param price an hour for all of it; zero where the list does not say
  record Volume(
      long id,
      String name,
      MachineId machine,
      double gb,
      String status,
      int instances,
      UsdPerHour price) {}

  /// A place for one.
  ///
  /// @param price an hour for all of it
  record Room(long offer, MachineId machine, double freeGb, UsdPerHour price, String place) {}
}
