package dev.salvor.agent.cargo;

import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Ballast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// HOME/carry: a file for each unit that a carry process may be told to send, and a mark for those
/// that are sent. What cannot be sent any more is removed.
public final class UnitFiles {
  private static final String UNIT = ".pb";
  private static final String DONE = ".done";

  /// An order is repeated soon or never.
  private static final int MAX_DONE = 64;

  private final Path directory;
  private final UnitBytes bytes;
  private final Ballast ballast;

  public UnitFiles(Path directory, UnitBytes bytes, Ballast ballast) {
    this.directory = directory;
    this.bytes = bytes;
    this.ballast = ballast;
  }

  Path of(UnitId id) {
    return directory.resolve(id + UNIT);
  }

  /// Writes the unit where its carry process will look, before the controller can order it.
  void keep(Unit unit) throws IOException {
    Files.createDirectories(directory);
    ballast.replace(of(unit.id()), bytes.write(unit));
  }

  boolean has(UnitId id) {
    return Files.exists(of(id));
  }

  boolean isDone(UnitId id) {
    return Files.exists(directory.resolve(id + DONE));
  }

  /// The unit is off the box.
  void done(UnitId id) throws IOException {
    Files.move(of(id), directory.resolve(id + DONE));
    Files.write(directory.resolve(id + DONE), new byte[0]);
  }

  Path request(UnitId id) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(id + ".id");
    ballast.replace(file, bytes.write(id));
    return file;
  }

  /// Removes units of which nothing is left on the disk, and old marks.
  ///
  /// @param root where the box's "/" is
  void prune(Path root) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    for (Path file : named(UNIT)) {
      if (!isThere(bytes.read(Files.readAllBytes(file)), root)) {
        Files.delete(file);
      }
    }
    List<Path> marks = named(DONE);
    for (Path old : marks.subList(0, Math.max(0, marks.size() - MAX_DONE))) {
      Files.delete(old);
    }
  }

  private static boolean isThere(Unit unit, Path root) {
    Path base = root.resolve(unit.manifest().root().substring(1));
    Path first = base.resolve(unit.manifest().files().getFirst().path());
    return Files.exists(first, LinkOption.NOFOLLOW_LINKS)
        || PinPlace.find(base, unit.id()).isPresent();
  }

  /// Oldest first.
  private List<Path> named(String end) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(end))
          .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .toList();
    }
  }
}
