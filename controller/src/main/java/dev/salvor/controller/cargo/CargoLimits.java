package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.util.HashSet;
import java.util.Set;

/// How much one unit may ask of the workstation.
///
/// @param maxFiles files of one unit
/// @param maxBytes bytes of one unit
/// @param keepFree bytes of the staging disk that cargo never takes
public record CargoLimits(int maxFiles, long maxBytes, long keepFree) {
  /// Far over any real checkpoint, far under what would wedge the workstation.
  public static final CargoLimits DEFAULT = new CargoLimits(200_000, 4L << 40, 256L << 20);

  public CargoLimits {
    if (maxFiles < 1 || maxBytes < 0 || keepFree < 0) {
      throw new IllegalArgumentException("Limits of cargo are positive");
    }
  }

  /// Refuses a roster that no honest agent sends.
  void check(Unit unit) throws CargoException {
    if (unit.manifest().files().size() > maxFiles) {
      throw hostile(unit, unit.manifest().files().size() + " files, over " + maxFiles);
    }
    long bytes = bytes(unit);
    if (bytes > maxBytes) {
      throw hostile(unit, bytes + " bytes, over " + maxBytes);
    }
    Set<String> files = new HashSet<>();
    unit.manifest().files().forEach(file -> files.add(file.path()));
    for (FileEntry file : unit.manifest().files()) {
      String path = file.path();
      for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        if (files.contains(path.substring(0, at))) {
          throw hostile(unit, path.substring(0, at) + " is both a file and a directory");
        }
      }
    }
  }

  private static long bytes(Unit unit) throws CargoException {
    try {
      return unit.manifest().bytes();
    } catch (ArithmeticException e) {
      throw hostile(unit, "more bytes than can be counted");
    }
  }

  private static CargoException hostile(Unit unit, String why) {
    return new CargoException(Kind.HOSTILE, "Cannot take unit " + unit.id() + ": it has " + why);
  }
}
