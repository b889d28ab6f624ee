package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Bytes and inodes of the file systems that a job may fill, each once.
public final class DiskProbe implements Probe {
  private static final String NAME = "disk";

  private final Path root;
  private final List<String> places;

  /// @param places absolute paths of the box, the most telling first
  public DiskProbe(Path root, List<String> places) {
    this.root = root;
    this.places = List.copyOf(places);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Reading> read() throws IOException {
    List<Reading> readings = new ArrayList<>();
    Set<Statvfs.Room> seen = new HashSet<>();
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (Files.exists(path)) {
        Statvfs.Room room = Statvfs.of(path);
        if (seen.add(room)) {
          add(readings, place, room);
        }
      }
    }
    return readings;
  }

  private static void add(List<Reading> readings, String place, Statvfs.Room room) {
    readings.add(new Reading.Amount(NAME, "total " + place, room.totalBytes(), "bytes"));
    readings.add(new Reading.Amount(NAME, "free " + place, room.freeBytes(), "bytes"));
    if (room.inodes() == 0) {
      readings.add(
          new Reading.Absent(NAME, "inodes " + place, "this file system does not count them"));
      return;
    }
    readings.add(new Reading.Amount(NAME, "inodes " + place, room.inodes(), "inodes"));
    readings.add(new Reading.Amount(NAME, "inodes free " + place, room.freeInodes(), "inodes"));
  }
}
