package dev.salvor.controller.sandbox.box;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names and sizes on one box's disk, read without following a link.
public final class DiskView {
  /// A disk with more entries is looked at only so far: this is read many times a second.
  private static final int MAX_ENTRIES = 20_000;

  private static final List<String> HALF_WRITTEN = List.of(".tmp", ".partial");

  private final Path disk;

  DiskView(Path disk) {
    this.disk = disk;
  }

  /// Whether a name under /workspace or /work that `pattern` finds has a group 1 of at least
  /// `number`.
  public boolean reaches(Pattern pattern, long number) {
    boolean[] reached = {false};
    for (String top : List.of("workspace", "work")) {
      walk(disk.resolve(top), (path, _) -> reached[0] |= number(pattern, path) >= number);
    }
    return reached[0];
  }

  public long bytes() {
    long[] sum = {0};
    walk(disk, (_, size) -> sum[0] += size);
    return sum[0];
  }

  private static long number(Pattern pattern, Path path) {
    String name = path.getFileName().toString();
    Matcher matcher = pattern.matcher(name);
    if (HALF_WRITTEN.stream().anyMatch(name::endsWith) || !matcher.find()) {
      return -1;
    }
    try {
      return Long.parseLong(matcher.group(1));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return -1;
    }
  }

  private static void walk(Path top, ObjLongConsumer<Path> each) {
    try {
      Files.walkFileTree(top, new Walk(each));
    } catch (IOException e) {
      // A box changes its disk while it is read: what was seen so far stands.
      return;
    }
  }

  /// Hands on every entry, skips what vanishes, ends at the bound.
  private static final class Walk extends SimpleFileVisitor<Path> {
    private final ObjLongConsumer<Path> each;
    private int left = MAX_ENTRIES;

    Walk(ObjLongConsumer<Path> each) {
      this.each = each;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attrs) {
      return visit(dir, 0);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) {
      return visit(file, attrs.isRegularFile() ? attrs.size() : 0);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult visit(Path path, long size) {
      each.accept(path, size);
      return left-- > 0 ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }
  }
}
