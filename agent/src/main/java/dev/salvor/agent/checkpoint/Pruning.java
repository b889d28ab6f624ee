package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Tree;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Trees;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Removes a checkpoint that is home from the box's disk: only the very files that were given under
/// its number, only while those that are to stay lie there, and only if nobody writes to it. It
/// goes into the trash first and is looked at once more there.
final class Pruning {
  private static final String TRASH = PinPlace.DIRECTORY + "/trash";

  /// Ends the name of what was looked at once more in the trash, and may go.
  private static final String CONDEMNED = ".gone";

  private final CatalogState state;
  private final Hashing hashing;
  private final List<Path> roots;
  private final OpenWriters writers;

  Pruning(CatalogState state, Hashing hashing, List<Path> roots, OpenWriters writers) {
    this.state = state;
    this.hashing = hashing;
    this.roots = List.copyOf(roots);
    this.writers = writers;
  }

  /// Makes the trash while there is room for one: a full disk makes none. What an agent before was
  /// about to remove is removed; what it had not looked at once more goes back to where it was, or
  /// stays in the trash where that is taken.
  void prepare() throws IOException {
    for (Path root : roots) {
      for (Path trash : trash(root)) {
        if (Files.isDirectory(trash, LinkOption.NOFOLLOW_LINKS)) {
          putBack(trash);
          empty(trash);
        }
      }
      make(trash(root).getFirst());
    }
  }

  private static void make(Path trash) {
    try {
      if (Files.isDirectory(trash.resolve("../..").normalize())) {
        Files.createDirectories(trash);
      }
    } catch (IOException e) {
      // Not ours to write, or full: it is tried again when it is needed.
    }
  }

  /// Returns once it does not lie there any more, and throws, with the reason, if it stays.
  void prune(UnitId unit, List<UnitId> stays) throws IOException {
    CatalogState.Entry entry = entry(unit);
    if (!Files.exists(hashing.onDisk(entry.path()), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Candidate> all = found();
    Candidate going = lying(all, unit, entry);
    Set<Path> places = new HashSet<>(going.places());
    for (UnitId each : stays) {
      if (lying(all, each, entry(each)).places().stream().anyMatch(places::contains)) {
        throw new IOException("%s and %s, which stays, have files in common".formatted(unit, each));
      }
    }
    for (Candidate other : all) {
      if (!other.equals(going) && other.places().stream().anyMatch(places::contains)) {
        throw new IOException("%s has files in common with %s".formatted(unit, other.name()));
      }
    }
    if (writers.anyOf(places)) {
      throw new IOException("A process has files of %s open for writing".formatted(unit));
    }
    remove(unit, going);
  }

  private CatalogState.Entry entry(UnitId unit) throws IOException {
    return state.of(unit).orElseThrow(() -> new IOException("This box has given no unit " + unit));
  }

  private List<Candidate> found() throws IOException {
    List<Candidate> all = new ArrayList<>();
    for (Path root : roots) {
      all.addAll(Candidates.in(root, true).found());
    }
    return all;
  }

  private Candidate lying(List<Candidate> all, UnitId unit, CatalogState.Entry entry)
      throws IOException {
    return all.stream()
        .filter(one -> hashing.boxPath(one.place()).equals(entry.path()))
        .filter(one -> one.fingerprint().equals(entry.fingerprint()))
        .findFirst()
        .orElseThrow(() ->
            new IOException(
                "%s does not lie at %s any more as it was given".formatted(unit, entry.path())));
  }

  private void remove(UnitId unit, Candidate going) throws IOException {
    IOException last = new IOException("There is no place for a trash beside " + going.root());
    for (Path trash : trash(going.root())) {
      List<Moved> moved = List.of();
      try {
        Files.createDirectories(trash);
        moved = move(unit, going, trash);
      } catch (IOException e) {
        last = e;
        continue;
      }
      if (!unchanged(going, moved)) {
        back(moved);
        throw new IOException(
            "%s changed while it was being removed, or holds more than was copied".formatted(unit));
      }
      condemn(moved);
      empty(trash);
      return;
    }
    throw last;
  }

  private record Moved(Path from, Path to) {}

  /// All or nothing. Names are flat: with a directory of its own each would want an inode.
  private static List<Moved> move(UnitId unit, Candidate going, Path trash) throws IOException {
    List<Path> from = going.isDirectory() ? List.of(going.place()) : going.places();
    List<Moved> moved = new ArrayList<>();
    try {
      for (Path path : from) {
        Path to = free(trash, unit + "." + moved.size());
        Files.move(path, to, StandardCopyOption.ATOMIC_MOVE);
        moved.add(new Moved(path, to));
      }
      return moved;
    } catch (IOException e) {
      back(moved);
      throw e;
    }
  }

  /// What lies there already is not written over: it may be all there is of it.
  private static Path free(Path trash, String name) throws IOException {
    Path to = trash.resolve(name);
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "%s is in the way: an earlier removal left it there. Look whether it is of use, and remove it"
              .formatted(to));
    }
    return to;
  }

  private static void condemn(List<Moved> moved) throws IOException {
    for (Moved each : moved) {
      Path to = each.to();
      Files.move(
          to, to.resolveSibling(to.getFileName() + CONDEMNED), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void back(List<Moved> moved) throws IOException {
    for (Moved each : moved.reversed()) {
      if (Files.exists(each.from(), LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "%s was made anew; what was there lies at %s".formatted(each.from(), each.to()));
      }
      Files.move(each.to(), each.from(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static boolean unchanged(Candidate going, List<Moved> moved) throws IOException {
    List<Part> now = new ArrayList<>();
    for (int i = 0; i < going.files().size(); i++) {
      String path = going.files().get(i).path();
      Path file = going.isDirectory() ? moved.getFirst().to().resolve(path) : moved.get(i).to();
      now.add(Tree.part(file, path));
    }
    return now.equals(going.files())
        && (!going.isDirectory() || holdsNothingElse(moved.getFirst().to(), going));
  }

  /// What was never given was never copied, whatever it is.
  private static boolean holdsNothingElse(Path directory, Candidate going) throws IOException {
    Set<Path> given = new HashSet<>();
    going.paths().forEach(path -> given.add(directory.resolve(path)));
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .allMatch(given::contains);
    }
  }

  private static void empty(Path trash) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(trash, "*" + CONDEMNED)) {
      for (Path each : all) {
        Trees.remove(each);
      }
    }
  }

  /// What was moved whole has its place in what was given.
  private void putBack(Path trash) throws IOException {
    for (CatalogState.Entry entry : state.entries()) {
      Path from = trash.resolve(entry.unit() + ".0");
      Path to = hashing.onDisk(entry.path());
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)
          && !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /// Where it may be: beside the root, or in it where that is another file system.
  private static List<Path> trash(Path root) {
    Path inside = root.resolve(TRASH);
    return Optional.ofNullable(root.getParent())
        .map(beside -> List.of(beside.resolve(TRASH), inside))
        .orElse(List.of(inside));
  }
}
