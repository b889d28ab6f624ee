package dev.salvor.agent.probe;

import dev.salvor.common.telemetry.Reading;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Who eats the inodes, where they run short: a walk over each such file system once, of so many
/// entries and no more.
///
/// A statfs a place while there are enough; else up to 200,000 entries of a file system, a second
/// or two of one processor, and ten at most.
public final class InodeProbe implements Probe {
  private static final String NAME = "inodes";
  private static final Duration PERIOD = Duration.ofSeconds(30);

  /// Who has them does not change fast, and to look costs a second or two.
  private static final long WALK_NANOS = Duration.ofMinutes(5).toNanos();

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /// Under the timeout: what was counted so far is worth having.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  /// Of one file system.
  private static final int MAX_ENTRIES = 200_000;

  private static final List<String> IMAGE =
      List.of("usr", "lib", "lib64", "bin", "sbin", "proc", "sys", "dev");

  /// Of what there are: below that nobody asks who has them.
  private static final double SHORT = 0.25;

  /// As deep as directories are named: /work/data/shards is one.
  private static final int NAMED_DEPTH = 3;

  private static final int TOLD = 3;

  private final Path root;
  private final List<String> places;
  private final LongSupplier nanos;
  private final Statfs.Rooms rooms;
  private final int most;
  private final Map<String, Walked> walked = new HashMap<>();

  public InodeProbe(Path root, List<String> places, LongSupplier nanos) {
    this(root, places, nanos, Statfs::of, MAX_ENTRIES);
  }

  /// @param most entries of one file system
  InodeProbe(Path root, List<String> places, LongSupplier nanos, Statfs.Rooms rooms, int most) {
    this.root = root;
    this.places = List.copyOf(places);
    this.nanos = nanos;
    this.rooms = rooms;
    this.most = most;
  }

  /// What was found, and when to look again.
  private record Walked(String eaters, long againNanos) {}

  /// A file system, and which of the places lie on it; it is called by the first.
  private record Disk(Statfs.Room room, List<Path> places, String name) {}

  /// How far a walk may go.
  private record Share(int entries, long untilNanos) {}

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
    long until = nanos.getAsLong() + PATIENCE_NANOS;
    for (Disk disk : disks()) {
      Statfs.Room room = disk.room();
      if (room.inodes() > 0 && room.freeInodes() < SHORT * room.inodes()) {
        Walked known = walked.get(disk.name());
        if (known == null || nanos.getAsLong() - known.againNanos() >= 0) {
          known = new Walked(eaters(disk, until), nanos.getAsLong() + WALK_NANOS);
          walked.put(disk.name(), known);
        }
        readings.add(new Reading.Text(NAME, "eaten " + disk.name(), known.eaters()));
      }
    }
    return readings;
  }

  private List<Disk> disks() throws IOException {
    List<Disk> disks = new ArrayList<>();
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (!Files.isDirectory(path)) {
        continue;
      }
      Statfs.Room room = rooms.of(path);
      Optional<Disk> known = disks.stream().filter(disk -> room.isSame(disk.room())).findFirst();
      if (known.isPresent()) {
        known.get().places().add(path);
      } else {
        disks.add(new Disk(room, new ArrayList<>(List.of(path)), place));
      }
    }
    return disks;
  }

  /// Each place has its share of the entries, so that the first does not use them up before the one
  /// that has most; what one leaves over is the others'. What lies around the places comes last.
  private String eaters(Disk disk, long until) throws IOException {
    List<Path> tops = new ArrayList<>(disk.places());
    tops.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    Map<Path, Integer> by = new HashMap<>();
    Set<Path> done = new HashSet<>(disk.room().kind() == Statfs.Kind.OVERLAY ? image() : Set.of());
    int left = most;
    boolean whole = true;
    for (int i = 0; i < tops.size(); i++) {
      int share = left / (tops.size() - i);
      Count count = new Count(tops.get(i), disk.room(), new Share(share, until), done, by);
      Files.walkFileTree(tops.get(i), count);
      done.add(tops.get(i));
      left -= share - count.left;
      whole &= count.whole;
    }
    String most =
        by.entrySet().stream()
            .sorted(
                Map.Entry.<Path, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(TOLD)
            .map(e -> "%s %d".formatted(shown(e.getKey()), e.getValue()))
            .collect(Collectors.joining(", "));
    return whole ? most : most + " (of the first %d entries)".formatted(this.most - left);
  }

  /// What an image brings is not of the layer that runs full.
  private Set<Path> image() {
    return IMAGE.stream().map(root::resolve).collect(Collectors.toSet());
  }

  private String shown(Path path) {
    return "/" + root.relativize(path);
  }

  /// Counts the entries below each directory of the first levels.
  private final class Count extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Statfs.Room room;
    private final Set<Path> but;
    private final Map<Path, Integer> by;
    private final long until;
    private int left;
    private boolean whole = true;

    Count(Path top, Statfs.Room room, Share share, Set<Path> but, Map<Path, Integer> by) {
      this.top = top;
      this.room = room;
      this.but = Set.copyOf(but);
      this.by = by;
      this.left = share.entries();
      this.until = share.untilNanos();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      boolean near = directory.getNameCount() <= top.getNameCount() + NAMED_DEPTH;
      boolean other = !directory.equals(top) && but.contains(directory);
      return other || (near && !rooms.of(directory).isSame(room))
          ? FileVisitResult.SKIP_SUBTREE
          : count(directory);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      return count(file);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult count(Path path) {
      if (left <= 0 || nanos.getAsLong() - until >= 0) {
        whole = false;
        return FileVisitResult.TERMINATE;
      }
      left--;
      // What lies in it counts for a directory, and deeper down for the one that is named.
      int names = path.equals(top) ? 0 : top.relativize(path).getNameCount() - 1;
      Path named = top;
      if (names > 0) {
        named = top.resolve(top.relativize(path).subpath(0, Math.min(names, NAMED_DEPTH - 1)));
      }
      by.merge(named, 1, Integer::sum);
      return FileVisitResult.CONTINUE;
    }
  }
}
