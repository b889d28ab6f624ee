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
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Who eats the inodes, where they run short: a walk over the job's directories, of so many entries
/// and no more, and on one file system.
///
/// A statvfs a place while there are enough; else up to 200,000 entries, a second or two of one
/// processor.
public final class InodeProbe implements Probe {
  private static final String NAME = "inodes";
  private static final Duration PERIOD = Duration.ofSeconds(30);

  /// Who has them does not change fast, and to look costs a second or two.
  private static final long WALK_NANOS = Duration.ofMinutes(5).toNanos();

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final int MAX_ENTRIES = 200_000;

  /// Of what there are: below that nobody asks who has them.
  private static final double SHORT = 0.25;

  /// As deep as directories are named: /work/data/shards is one.
  private static final int NAMED_DEPTH = 3;

  private static final int TOLD = 3;

  private final Path root;
  private final List<String> places;
  private final LongSupplier nanos;
  private final Map<String, Walked> walked = new HashMap<>();

  public InodeProbe(Path root, List<String> places, LongSupplier nanos) {
    this.root = root;
    this.places = List.copyOf(places);
    this.nanos = nanos;
  }

  /// What was found, and when to look again.
  private record Walked(String eaters, long againNanos) {}

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
    for (String place : places) {
      Path path = root.resolve(place.replaceFirst("^/+", ""));
      if (!Files.isDirectory(path)) {
        continue;
      }
      Statvfs.Room room = Statvfs.of(path);
      if (room.inodes() > 0 && room.freeInodes() < SHORT * room.inodes()) {
        Walked known = walked.get(place);
        if (known == null || nanos.getAsLong() - known.againNanos() >= 0) {
          String eaters = eaters(path, room.fileSystem());
          known = new Walked(eaters, nanos.getAsLong() + WALK_NANOS);
          walked.put(place, known);
        }
        readings.add(new Reading.Text(NAME, "eaten " + place, known.eaters()));
      }
    }
    return readings;
  }

  private String eaters(Path top, long fileSystem) throws IOException {
    Count count = new Count(top, fileSystem);
    Files.walkFileTree(top, count);
    String most =
        count.by.entrySet().stream()
            .sorted(Map.Entry.<Path, Integer>comparingByValue(Comparator.reverseOrder()))
            .limit(TOLD)
            .map(e -> "%s %d".formatted(shown(e.getKey()), e.getValue()))
            .collect(Collectors.joining(", "));
    return count.left > 0 ? most : most + " (of the first %d entries)".formatted(MAX_ENTRIES);
  }

  private String shown(Path path) {
    return "/" + root.relativize(path);
  }

  /// Counts the entries below each directory of the first levels.
  private static final class Count extends SimpleFileVisitor<Path> {
    private final Map<Path, Integer> by = new HashMap<>();
    private final Path top;
    private final long fileSystem;
    private int left = MAX_ENTRIES;

    Count(Path top, long fileSystem) {
      this.top = top;
      this.fileSystem = fileSystem;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      boolean near = directory.getNameCount() <= top.getNameCount() + NAMED_DEPTH;
      return near && Statvfs.of(directory).fileSystem() != fileSystem
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
      // What lies in it counts for a directory, and deeper down for the one that is named.
      int names = path.equals(top) ? 0 : top.relativize(path).getNameCount() - 1;
      Path named = top;
      if (names > 0) {
        named = top.resolve(top.relativize(path).subpath(0, Math.min(names, NAMED_DEPTH - 1)));
      }
      by.merge(named, 1, Integer::sum);
      return left-- > 0 ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }
  }
}
