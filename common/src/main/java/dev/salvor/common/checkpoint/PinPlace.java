package dev.salvor.common.checkpoint;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Where an agent keeps hard links to cargo that is not copied yet: agreed between the process that
/// pins and the one that carries.
public final class PinPlace {
  /// The directory of ours on a box's file systems; never cargo itself.
  public static final String DIRECTORY = ".salvor";

  private static final String PINS = DIRECTORY + "/pins";

  private PinPlace() {}

  /// The directory for pins in a directory.
  public static Path in(Path directory) {
    return directory.resolve(PINS);
  }

  /// A unit's pinned files, looked for from the unit's own directory upwards.
  public static Optional<Path> find(Path base, UnitId unit) {
    for (Path above = base; above != null; above = above.getParent()) {
      Path pin = in(above).resolve(unit.toString());
      if (Files.isDirectory(pin, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(pin);
      }
    }
    return Optional.empty();
  }
}
