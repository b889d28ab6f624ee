package dev.salvor.agent.cargo;

import dev.salvor.agent.core.Disk;
import dev.salvor.agent.core.JobSpec;
import dev.salvor.agent.core.Relief;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Sees how full the disks are that a job writes to, and takes off them what may go. Opened from
/// one thread, used from another.
public final class RoomKeeper {
  private final Path root;
  private final Path home;
  private final RoomGauge gauge;
  private final ScratchSource scratch;
  private volatile Work work = new Work(List.of(), List.of(), List.of());

  /// @param root where the box's "/" is
  /// @param home the agent's own directory
  public RoomKeeper(Path root, Path home, RoomGauge gauge, ScratchSource scratch) {
    this.root = root.toAbsolutePath().normalize();
    this.home = home.toAbsolutePath().normalize();
    this.gauge = gauge;
    this.scratch = scratch;
  }

  private record Work(List<Path> checkpoints, List<Path> results, List<String> scratch) {}

  Path root() {
    return root;
  }

  /// From now on this job's disks are looked at.
  void open(JobSpec job) {
    work =
        new Work(
            job.checkpointRoots().stream().map(this::onDisk).toList(),
            job.resultRoots().stream().map(this::onDisk).toList(),
            List.copyOf(scratch.of(job)));
  }

  /// Each file system once, those of checkpoints first.
  List<Disk> look() throws IOException {
    List<Disk> disks = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    Work now = work;
    for (Path place : now.checkpoints()) {
      look(place, true, seen, disks);
    }
    for (Path place : now.results()) {
      look(place, false, seen, disks);
    }
    look(home, false, seen, disks);
    return disks;
  }

  private void look(Path place, boolean checkpoints, Set<Object> seen, List<Disk> disks)
      throws IOException {
    Path there = existing(place);
    Object device = Files.getAttribute(there, "unix:dev");
    if (seen.add(device)) {
      RoomGauge.Level level = gauge.of(there);
      disks.add(
          new Disk(
              boxPath(mount(there, device)),
              level.totalBytes(),
              level.freeBytes(),
              level.inodes(),
              level.freeInodes(),
              checkpoints));
    }
  }

  /// What came of it, in words; never fails, for the next relief may do better.
  String make(String place, Relief relief) {
    try {
      return switch (relief) {
        case SCRATCH -> scratch(onDisk(place));
        case PINS -> pins();
      };
    } catch (IOException | RuntimeException e) {
      return "%s failed: %s".formatted(relief.name().toLowerCase(Locale.ROOT), e);
    }
  }

  private String scratch(Path place) throws IOException {
    Work now = work;
    if (now.scratch().isEmpty()) {
      return "no scratch is named";
    }
    List<Path> spared = new ArrayList<>(now.checkpoints());
    spared.add(home);
    Scratch scratched = new Scratch(root, spared, Files.getAttribute(place, "unix:dev"));
    for (String glob : now.scratch()) {
      scratched.delete(glob);
    }
    return "scratch gave %d files of %.1f MB".formatted(scratched.files(), scratched.bytes() / 1e6);
  }

  /// All but what is being sent: that is cargo on its way.
  private String pins() throws IOException {
    String sending = sending();
    int dropped = 0;
    for (Path checkpoints : work.checkpoints()) {
      Path beside = checkpoints.getParent() == null ? checkpoints : checkpoints.getParent();
      for (Path place : List.of(beside, checkpoints)) {
        dropped += drop(PinPlace.in(place), sending);
      }
    }
    return "%d pins dropped".formatted(dropped);
  }

  private static int drop(Path pins, String but) throws IOException {
    if (!Files.isDirectory(pins, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    List<Path> all;
    try (Stream<Path> list = Files.list(pins)) {
      all = list.filter(pin -> !String.valueOf(pin.getFileName()).equals(but)).toList();
    }
    for (Path pin : all) {
      Trees.remove(pin);
    }
    return all.size();
  }

  private String sending() throws IOException {
    try {
      return Files.readString(home.resolve("carry/sending")).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private Path onDisk(String boxPath) {
    return root.resolve(boxPath.replaceFirst("^/+", "")).normalize();
  }

  private String boxPath(Path place) {
    return "/" + root.relativize(place);
  }

  private Path existing(Path place) {
    Path at = place;
    while (!Files.exists(at) && at.getParent() != null && !at.equals(root)) {
      at = at.getParent();
    }
    return at;
  }

  /// The highest directory of the same file system, no higher than the box's "/".
  private Path mount(Path place, Object device) throws IOException {
    Path at = place;
    while (at.getParent() != null
        && !at.equals(root)
        && Files.getAttribute(at.getParent(), "unix:dev").equals(device)) {
      at = at.getParent();
    }
    return at;
  }
}
