package dev.salvor.common.checkpoint;

import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The regular files below a directory, in the order of their names, without holding more than one
/// directory's names at a time. Links are not followed, and what vanishes during the walk, as
/// trainers make it do, is simply not there.
public final class Tree {
  /// Of what could not be taken in, so many are named.
  private static final int MAX_ODD = 100;

  /// Names of one directory that are held at a time; a larger one is listed again for the next.
  private static final int NAMES = 20_000;

  /// Deeper is a loop of somebody's making.
  private static final int MAX_DEPTH = 100;

  private final Path top;
  private final Predicate<Path> enter;
  private final List<String> odd;
  private final Taker taker;

  private Tree(Path top, Predicate<Path> enter, List<String> odd, Taker taker) {
    this.top = top;
    this.enter = enter;
    this.odd = odd;
    this.taker = taker;
  }

  /// Is given each file; answers whether it wants the next.
  @FunctionalInterface
  public interface Taker {
    boolean take(Part part) throws IOException;
  }

  /// Answers whether the taker was given every file and took it.
  public static boolean walk(Path directory, Predicate<Path> enter, List<String> odd, Taker taker)
      throws IOException {
    return new Tree(directory, enter, odd, taker).enter(directory, "", "");
  }

  /// Goes on behind a file that an earlier walk took; "" begins.
  public static boolean walkFrom(
      Path directory, String after, Predicate<Path> enter, List<String> odd, Taker taker)
      throws IOException {
    return new Tree(directory, enter, odd, taker).enter(directory, "", after);
  }

  /// @param after what was taken already, below this directory
  private boolean enter(Path directory, String prefix, String after) throws IOException {
    int slash = after.indexOf('/');
    String head = slash < 0 ? after : after.substring(0, slash);
    if (slash >= 0 && !look(directory.resolve(head), prefix + head, after.substring(slash + 1))) {
      return false;
    }
    NavigableSet<String> names = namesAfter(directory, head);
    while (!names.isEmpty()) {
      for (String name : names) {
        if (!look(directory.resolve(name), prefix + name, "")) {
          return false;
        }
      }
      names = names.size() < NAMES ? new TreeSet<>() : namesAfter(directory, names.last());
    }
    return true;
  }

  private boolean look(Path path, String relative, String after) throws IOException {
    if (!enter.test(path)) {
      return true;
    }
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      note("Cannot look at " + path + ": " + e.getMessage());
      return true;
    }
    boolean deep = relative.chars().filter(c -> c == '/').count() > MAX_DEPTH;
    if (attributes.isDirectory() && !deep) {
      return enter(path, relative + "/", after);
    }
    if (attributes.isDirectory()) {
      note("Too deep to look into: " + path);
    } else if (attributes.isRegularFile() && SafePath.isSafe(relative)) {
      return taker.take(part(relative, attributes));
    } else if (attributes.isRegularFile()) {
      note("Not a name that can be copied: " + path);
    }
    return true;
  }

  /// The first of a directory's names behind that one.
  private NavigableSet<String> namesAfter(Path directory, String after) {
    NavigableSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        String name = String.valueOf(entry.getFileName());
        if (name.compareTo(after) > 0) {
          names.add(name);
        }
        if (names.size() > NAMES) {
          names.pollLast();
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      names.clear();
    } catch (IOException | DirectoryIteratorException e) {
      note("Cannot look into " + top.relativize(directory) + ": " + e.getMessage());
    }
    return names;
  }

  private void note(String what) {
    if (odd.size() < MAX_ODD) {
      odd.add(what);
    }
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
