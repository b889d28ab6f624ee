package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.disk.Durable;
import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where a run's refused units lie, each with its reason in a file: kept apart from what is proven,
/// and only the newest few, so that a trainer of damaged files does not fill the disk.
final class Quarantine {
  static final String REASON = "reason.txt";
  private static final int KEPT = 3;

  private final Path directory;

  Quarantine(Path directory) {
    this.directory = directory;
  }

  /// Moves a staged unit here.
  void put(Unit unit, Path place, String reason) throws IOException {
    Path to = directory.resolve(unit.id().toString());
    Files.createDirectories(directory);
    Trees.remove(to);
    Files.move(place, to, StandardCopyOption.ATOMIC_MOVE);
    Durable.write(to.resolve(REASON), (reason + "\n").getBytes(StandardCharsets.UTF_8));
    for (Path old : newestFirst().stream().skip(KEPT).toList()) {
      Trees.remove(old);
    }
  }

  /// A unit that is offered again need not be sent again: it is judged again where it is.
  void takeBack(Unit unit, Path place) throws IOException {
    Path from = directory.resolve(unit.id().toString());
    if (Files.isDirectory(from) && !Files.exists(place)) {
      Files.deleteIfExists(from.resolve(REASON));
      Files.createDirectories(place.resolveSibling("."));
      Files.move(from, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private List<Path> newestFirst() throws IOException {
    try (Stream<Path> units = Files.list(directory)) {
      return units.sorted(Comparator.comparing(Quarantine::time).reversed()).toList();
    }
  }

  private static FileTime time(Path unit) {
    try {
      return Files.getLastModifiedTime(unit.resolve(REASON));
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
