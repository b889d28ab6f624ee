package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/// Bytes and inodes of the file systems that a job may fill, each once, when they will be full, and
/// which are in memory or the container's own layer.
///
/// One statfs a place, microseconds each; one that is mounted from afar may hang.
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
    List<Statfs.Room> seen = new ArrayList<>();
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (Files.exists(path)) {
        Statfs.Room room = Statfs.of(path);
        if (seen.stream().noneMatch(room::isSame)) {
          seen.add(room);
          add(readings, place, room);
        }
      }
    }
    return readings;
  }

  private void add(List<Reading> readings, String place, Statfs.Room room) {
    readings.add(new Reading.Amount(NAME, "total " + place, room.totalBytes(), "bytes"));
    readings.add(new Reading.Amount(NAME, "free " + place, room.freeBytes(), "bytes"));
    full(readings, "full " + place, room.freeBytes());
    if (room.kind() != Statfs.Kind.DISK) {
      String kind = room.kind().name().toLowerCase(Locale.ROOT);
      readings.add(new Reading.Text(NAME, "kind " + place, kind));
    }
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
