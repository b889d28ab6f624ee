package dev.salvor.common.telemetry.captured;

import dev.salvor.common.telemetry.Amounts;
import dev.salvor.common.telemetry.MalformedException;
import dev.salvor.common.telemetry.Reading;
import dev.salvor.common.telemetry.host.DiskTable;
import dev.salvor.common.telemetry.host.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What mounts, and how full they are, mean for somebody who writes checkpoints.
record MountReport(String conclusion, List<Reading> readings) {
  private static final String PROBE = "disk";
  private static final int MOST_READINGS = 256;

  /// From here on a checkpoint may not fit.
  private static final double FULL = 0.95;

  static MountReport of(List<String> lines) throws MalformedException {
    List<DiskTable.Room> rooms = DiskTable.read(lines);
    if (!rooms.isEmpty()) {
      return rooms(rooms);
    }
    List<Mount> mounts = Mount.all(lines);
    if (mounts.isEmpty()) {
      throw new MalformedException("no line of it is a mount or a file system");
    }
    return mounts(mounts);
  }

  private static MountReport rooms(List<DiskTable.Room> rooms) {
    List<Reading> readings = new ArrayList<>();
    List<String> full = new ArrayList<>();
    for (DiskTable.Room room : rooms) {
      String unit = room.inodes() ? "inodes" : "bytes";
      String what = room.inodes() ? "inodes" : "total";
      String free = room.inodes() ? "inodes free" : "free";
      readings.add(new Reading.Amount(PROBE, what + " " + room.place(), room.total(), unit));
      if (room.free() >= 0) {
        readings.add(new Reading.Amount(PROBE, free + " " + room.place(), room.free(), unit));
      }
      // Images that are mounted read-only are full from the start.
      if (room.full() >= FULL && room.free() > 0) {
        full.add("%s is %.0f %% full".formatted(room.place(), room.full() * 100));
      }
    }
    Optional<DiskTable.Room> root =
        rooms.stream().filter(room -> room.place().equals("/") && room.free() >= 0).findFirst();
    String said =
        root.map(room ->
                "%d file systems, %s free on /"
                    .formatted(
                        rooms.size(),
                        room.inodes()
                            ? "%.0f inodes".formatted(room.free())
                            : Amounts.bytes(room.free())))
            .orElse("%d file systems".formatted(rooms.size()));
    String conclusion = full.isEmpty() ? said : said + "; " + String.join("; ", full);
    return new MountReport(conclusion, readings.stream().limit(MOST_READINGS).toList());
  }

  private static MountReport mounts(List<Mount> mounts) {
    List<Reading> readings = new ArrayList<>();
    List<String> said = new ArrayList<>();
    said.add("%d mounts".formatted(mounts.size()));
    for (Mount mount : mounts) {
      if (!mount.isStorage()) {
        continue;
      }
      String type = mount.type().isEmpty() ? "mounted" : mount.type();
      String how = type + " on " + mount.source() + (mount.isReadOnly() ? ", read-only" : "");
      readings.add(new Reading.Text(PROBE, "mount " + mount.place(), how));
      mount
          .size()
          .ifPresent(size ->
              readings.add(
                  new Reading.Amount(PROBE, "total " + mount.place(), (double) size, "bytes")));
      if (mount.place().equals("/") && mount.isOverlay()) {
        said.add("/ is the container's own layer and is gone with it");
      }
      if (mount.place().equals("/dev/shm") && mount.size().isPresent()) {
        said.add("/dev/shm holds " + Amounts.bytes(mount.size().getAsLong()) + " of memory");
      }
      if (mount.isRemote()) {
        said.add(mount.place() + " is on another machine");
      }
    }
    return new MountReport(
        String.join("; ", said.subList(0, Math.min(6, said.size()))),
        readings.stream().limit(MOST_READINGS).toList());
  }
}
