package dev.salvor.agent.carry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// Whole directories: made durable, kept aside, and, where they are our own, removed.
final class Trees {
  private Trees() {}

  static void force(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            forceOne(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            forceOne(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static void forceOne(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Renames what is there to a hidden name of its own; nothing there is fine.
  static void keepAside(Path path) throws IOException {
    for (int i = 1; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
      Path aside = path.resolveSibling(".%s.salvor-aside-%d".formatted(path.getFileName(), i));
      if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  static void remove(Path tree) throws IOException {
    if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
