package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Bytes and inodes of the file systems that a job may fill, each once, and when they will be full.
///
/// One statvfs a place, microseconds each; one that is mounted from afar may hang.
public final class DiskProbe implements Probe {
  private static final String NAME = "disk";
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final double NANOS = 1e9;

  private final Path root;
  private final List<String> places;
  private final LongSupplier nanos;
  private final Map<String, Trend> trends = new HashMap<>();

  /// @param places absolute paths of the box, the most telling first
  public DiskProbe(Path root, List<String> places, LongSupplier nanos) {
    this.root = root;
    this.places = List.copyOf(places);
    this.nanos = nanos;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public Duration timeout() {
    return TIMEOUT;
  }

  @Override
  public List<Reading> read() throws IOException {
    List<Reading> readings = new ArrayList<>();
    Map<Long, Statvfs.Room> seen = new HashMap<>();
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (Files.exists(path)) {
        Statvfs.Room room = Statvfs.of(path);
        // Some give no number of their own; those that are as large and as full are one.
        boolean first =
            room.fileSystem() == 0
                ? !seen.containsValue(room)
                : !seen.containsKey(room.fileSystem());
        seen.put(room.fileSystem(), room);
        if (first) {
          add(readings, place, room);
        }
      }
    }
    return readings;
  }

  private void add(List<Reading> readings, String place, Statvfs.Room room) {
    readings.add(new Reading.Amount(NAME, "total " + place, room.totalBytes(), "bytes"));
    readings.add(new Reading.Amount(NAME, "free " + place, room.freeBytes(), "bytes"));
    full(readings, "full " + place, room.freeBytes());
    if (room.inodes() == 0) {
      readings.add(
          new Reading.Absent(NAME, "inodes " + place, "this file system does not count them"));
      return;
    }
    readings.add(new Reading.Amount(NAME, "inodes " + place, room.inodes(), "inodes"));
    readings.add(new Reading.Amount(NAME, "inodes free " + place, room.freeInodes(), "inodes"));
    full(readings, "inodes full " + place, room.freeInodes());
  }

  private void full(List<Reading> readings, String name, long left) {
    trends
        .computeIfAbsent(name, _ -> new Trend())
        .toEmpty(nanos.getAsLong() / NANOS, (double) left)
        .ifPresent(s -> readings.add(new Reading.Amount(NAME, name, Math.rint(s), "s")));
  }
}
