package dev.salvor.agent.cargo;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Deletes what its user declared to be scratch: regular files that match a glob, or lie below a
/// directory that does. Follows no link, and spares what it was told to.
final class Scratch {
  /// A glob over a larger tree ends here; the next time goes on with what is left.
  private static final int MAX_FILES = 1_000_000;

  private static final String WILD = "*?[{";

  private final Path root;
  private final List<Path> spared;
  private final Object device;
  private long files;
  private long bytes;

  /// @param root where the box's "/" is
  /// @param spared directories in which nothing is scratch, whatever a glob says
  /// @param device only files on this one
  Scratch(Path root, List<Path> spared, Object device) {
    this.root = root;
    this.spared = List.copyOf(spared);
    this.device = device;
  }

  long files() {
    return files;
  }

  /// What the files occupied.
  long bytes() {
    return bytes;
  }

  void delete(String glob) throws IOException {
    Path fixed = root.resolve(fixed(glob).substring(1)).normalize();
    if (!Files.isDirectory(fixed, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.isRegularFile(fixed, LinkOption.NOFOLLOW_LINKS)) {
        remove(fixed, Files.readAttributes(fixed, BasicFileAttributes.class));
      }
      return;
    }
    PathMatcher matcher = matcher(glob);
    Files.walkFileTree(
        fixed,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return isSpared(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && matches(matcher, file, fixed)) {
              remove(file, attributes);
            }
            return files < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) {
            if (!path.equals(fixed) && matches(matcher, path, fixed)) {
              prune(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Empty directories hold inodes too.
  private void prune(Path directory) {
    try {
      Files.delete(directory);
      files++;
    } catch (IOException e) {
      // Something is still in it.
    }
  }

  private boolean isSpared(Path directory) {
    return spared.stream().anyMatch(directory::startsWith)
        || String.valueOf(directory.getFileName())
            .equals(dev.salvor.common.checkpoint.PinPlace.DIRECTORY);
  }

  /// The file itself, or a directory above it up to the glob's fixed part.
  private boolean matches(PathMatcher matcher, Path file, Path fixed) {
    for (Path at = file; at != null && at.startsWith(fixed); at = at.getParent()) {
      if (matcher.matches(Path.of("/").resolve(root.relativize(at)))) {
        return true;
      }
    }
    return false;
  }

  private void remove(Path file, BasicFileAttributes attributes) throws IOException {
    if (isSpared(file) || !Files.getAttribute(file, "unix:dev").equals(device)) {
      return;
    }
    Files.deleteIfExists(file);
    files++;
    bytes += attributes.size();
  }

  private static PathMatcher matcher(String glob) throws IOException {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new IOException("Not a glob: " + glob + ": " + e.getDescription(), e);
    }
  }

  /// Up to the last directory before anything wild: "/a/b" of "/a/b/c*", "/a/b" of itself.
  private static String fixed(String glob) {
    for (int i = 0; i < glob.length(); i++) {
      if (WILD.indexOf(glob.charAt(i)) >= 0) {
        int slash = glob.lastIndexOf('/', i);
        return slash <= 0 ? "/" : glob.substring(0, slash);
      }
    }
    return glob;
  }
}
