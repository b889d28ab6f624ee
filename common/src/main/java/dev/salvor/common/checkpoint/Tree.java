package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The regular files below a directory. Links are not followed, and what vanishes during the walk,
/// as trainers make it do, is simply not there.
public final class Tree {
  /// More files than this are no unit that could be copied in time.
  private static final int MAX_FILES = 500_000;

  private Tree() {}

  public static List<Part> files(Path directory, Predicate<Path> enter, List<String> odd)
      throws IOException {
    List<Part> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return path.equals(directory) || enter.test(path)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            String relative = directory.relativize(path).toString();
            if (attributes.isRegularFile() && enter.test(path)) {
              if (FileEntry.isSafe(relative)) {
                files.add(part(relative, attributes));
              } else {
                odd.add("Not a name that can be copied: " + path);
              }
            }
            return files.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure) {
            if (!(failure instanceof java.nio.file.NoSuchFileException)) {
              odd.add("Cannot look at " + path + ": " + failure.getMessage());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path path, @org.jspecify.annotations.Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    if (files.size() >= MAX_FILES) {
      odd.add("Over " + MAX_FILES + " files in " + directory + ": the rest was not looked at");
    }
    files.sort(Comparator.comparing(Part::path));
    return files;
  }

  /// Throws NoSuchFileException where there is none.
  public static Part part(Path file, String relative) throws IOException {
    return part(
        relative, Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  private static Part part(String relative, BasicFileAttributes attributes) {
    return new Part(
        relative,
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        String.valueOf(attributes.fileKey()));
  }
}
