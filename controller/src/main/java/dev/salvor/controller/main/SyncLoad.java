package dev.salvor.controller.main;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What of a user's directory goes to a box: all but what he keeps out of it.
///
/// @param excludes patterns as rsync has them
/// @param bytes of the files that go, as far as names tell
record SyncLoad(Path from, List<String> excludes, long bytes) {
  /// Ours and git's; results that came back are not sent out again.
  private static final List<String> ALWAYS = List.of("/.git", "/work_remote");

  private static final String OWN = ".salvorignore";
  private static final String GITS = ".gitignore";
  private static final int MAX_PATTERNS = 1000;

  static SyncLoad of(Path directory, Path stateDir) throws IOException {
    Path from = directory.toAbsolutePath().normalize();
    Path state = stateDir.toAbsolutePath().normalize();
    List<String> excludes = new ArrayList<>(ALWAYS);
    if (state.startsWith(from) && !state.equals(from)) {
      excludes.add("/" + from.relativize(state));
    }
    Path own = from.resolve(OWN);
    excludes.addAll(patterns(Files.exists(own) ? own : from.resolve(GITS)));
    return new SyncLoad(from, List.copyOf(excludes), bytes(from, excludes));
  }

  /// None where the file also takes back what it leaves out: rather too much goes than too little.
  private static List<String> patterns(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<String> lines =
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .limit(MAX_PATTERNS)
            .toList();
    return lines.stream().anyMatch(line -> line.startsWith("!"))
        ? List.of()
        : lines.stream()
            .map(line -> line.replaceFirst("/+$", ""))
            .filter(l -> !l.isEmpty())
            .toList();
  }

  private static long bytes(Path from, List<String> excludes) throws IOException {
    Set<String> left = new HashSet<>();
    excludes.forEach(pattern -> left.add(pattern.replaceFirst("^/", "")));
    Sum sum = new Sum(from, left);
    Files.walkFileTree(from, sum);
    return sum.bytes;
  }

  /// Adds up what is not left out by its whole name or path.
  private static final class Sum extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Set<String> left;
    private long bytes;

    Sum(Path from, Set<String> left) {
      this.from = from;
      this.left = left;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return out(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.isRegularFile() && !out(file) ? attributes.size() : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      // rsync will say which, if it matters.
      return FileVisitResult.CONTINUE;
    }

    private boolean out(Path path) {
      return left.contains(String.valueOf(path.getFileName()))
          || left.contains(from.relativize(path).toString());
    }
  }
}
