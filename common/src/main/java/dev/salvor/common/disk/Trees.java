package dev.salvor.common.disk;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Whole directories of ours: made durable, and removed. No link is followed.
public final class Trees {
  private Trees() {}

  /// Forces every file and directory of a tree to the disk.
  public static void force(Path tree) throws IOException {
    each(tree, Durable::force);
  }

  /// Removes a tree, or the one file or link that stands in its place; an absent one is no error.
  public static void remove(Path tree) throws IOException {
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      each(tree, Files::deleteIfExists);
    }
  }

  private interface Step {
    void on(Path path) throws IOException;
  }

  /// Files first, then the directory that held them.
  private static void each(Path tree, Step step) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            step.on(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            step.on(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
