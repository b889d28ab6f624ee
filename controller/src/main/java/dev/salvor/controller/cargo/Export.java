package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.ResultsPart;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Brings a run's newest results, or a checkpoint, from a target to a directory of the user's:
/// whole or not at all, each byte checked, and never over what lies there.
public final class Export {
  /// Where tasks leave their results: its own name is left out of the paths.
  private static final String USUAL_ROOT = "/work";

  /// Whoever has brought as many differing results under one name has another problem.
  private static final int MAX_NAMES = 1000;

  private static final String INCOMING = ".incoming-";

  private final Target target;
  private final RunId run;

  public Export(Target target, RunId run) {
    this.target = target;
    this.run = run;
  }

  /// What was brought.
  ///
  /// @param place where it lies: the wanted directory, or one beside it with a number
  /// @param written when the newest of it was written, by the box's clock
  /// @param already it was there, byte for byte
  public record Brought(Path place, int files, long bytes, Instant written, boolean already) {}

  /// One file of the results, and the unit that has it.
  private record Source(Unit unit, FileEntry file) {}

  /// Empty where the run has no receipted results.
  public Optional<Brought> results(Path wanted) throws CargoException {
    List<Unit> newest = newest(target.units(run));
    return newest.isEmpty() ? Optional.empty() : bring(newest, files(newest), wanted);
  }

  /// The checkpoints of every series at one step, of the newest box that has one. Empty where the
  /// run has none with a receipt.
  public Optional<Brought> checkpoint(long step, Path wanted) throws CargoException {
    List<Unit> all =
        target.units(run).stream()
            .filter(unit -> unit.kind() == UnitKind.CHECKPOINT && unit.step() == step)
            .sorted(BY_AGE)
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    int generation = all.getLast().id().generation();
    List<Unit> units = all.stream().filter(u -> u.id().generation() == generation).toList();
    Map<String, Source> files = new TreeMap<>();
    for (Unit unit : units) {
      String root = unit.manifest().root();
      boolean directory = unit.manifest().files().size() > 1;
      String below = directory ? root.substring(root.lastIndexOf('/') + 1) + "/" : "";
      unit.manifest().files().forEach(f -> files.put(below + f.path(), new Source(unit, f)));
    }
    return bring(units, files, wanted);
  }

  private Optional<Brought> bring(List<Unit> units, Map<String, Source> files, Path wanted)
      throws CargoException {
    Path to = wanted.toAbsolutePath().normalize();
    Instant written =
        units.stream().map(Unit::writtenAt).max(Comparator.naturalOrder()).orElseThrow();
    try {
      for (int i = 1; i < MAX_NAMES; i++) {
        Path place = i == 1 ? to : to.resolveSibling(to.getFileName() + "-" + i);
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
          bring(files, place);
          return Optional.of(brought(place, files, written, false));
        }
        if (same(files, place)) {
          return Optional.of(brought(place, files, written, true));
        }
      }
    } catch (IOException e) {
      throw CargoException.of("Cannot bring what run %s has to %s".formatted(run, to), e);
    }
    throw new CargoException(
        CargoException.Kind.DISK_FAILED,
        "Cannot bring what run %s has to %s: %d directories of that name hold something else. Name another."
            .formatted(run, to, MAX_NAMES));
  }

  private static Brought brought(
      Path place, Map<String, Source> files, Instant written, boolean already) {
    long bytes = files.values().stream().mapToLong(s -> s.file().size()).sum();
    return new Brought(place, files.size(), bytes, written, already);
  }

  /// Of each tree on each box the newest capture, with all its parts; oldest first.
  static List<Unit> newest(List<Unit> all) {
    List<Unit> results =
        all.stream().filter(u -> u.kind() == UnitKind.RESULTS).sorted(BY_AGE).toList();
    List<Unit> newest = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Unit unit = results.get(i);
      if (results.subList(i + 1, results.size()).stream().noneMatch(l -> covers(l, unit))) {
        newest.add(unit);
      }
    }
    return newest;
  }

  /// What tasks left on an earlier box is not on a later one: they are not run again there.
  private static boolean covers(Unit later, Unit earlier) {
    return later.id().generation() == earlier.id().generation()
        && later.manifest().root().equals(earlier.manifest().root())
        && ResultsPart.of(later).covers(ResultsPart.of(earlier));
  }

  /// By the path below the directory that they are brought to; what is newer stands.
  private static Map<String, Source> files(List<Unit> oldestFirst) {
    Map<String, Source> files = new TreeMap<>();
    for (Unit unit : oldestFirst) {
      String below = below(unit.manifest().root());
      unit.manifest().files().forEach(f -> files.put(below + f.path(), new Source(unit, f)));
    }
    return files;
  }

  private static String below(String root) {
    String path = root.equals(USUAL_ROOT) ? "" : root.replaceFirst("^/+", "");
    String inside =
        root.startsWith(USUAL_ROOT + "/") ? root.substring(USUAL_ROOT.length() + 1) : path;
    return inside.isEmpty() ? "" : inside + "/";
  }

  /// Beside its place first, then there by one rename.
  private void bring(Map<String, Source> files, Path place) throws IOException, CargoException {
    Path parent = Objects.requireNonNull(place.getParent());
    Files.createDirectories(parent);
    room(files, parent);
    Path incoming = Files.createTempDirectory(parent, INCOMING + place.getFileName() + "-");
    try {
      for (Map.Entry<String, Source> file : files.entrySet()) {
        copy(file.getValue(), incoming.resolve(file.getKey()));
      }
      Trees.force(incoming);
      open(incoming);
      Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | CargoException | RuntimeException e) {
      Trees.remove(incoming);
      throw e;
    }
  }

  /// A temporary directory is its owner's alone; results have the rights of any new directory.
  private static void open(Path incoming) throws IOException {
    Path usual = Files.createDirectory(incoming.resolveSibling(incoming.getFileName() + ".usual"));
    try {
      Files.setPosixFilePermissions(incoming, Files.getPosixFilePermissions(usual));
    } catch (UnsupportedOperationException e) {
      // No such rights here: they are as they are.
      return;
    } finally {
      Files.delete(usual);
    }
  }

  private static void room(Map<String, Source> files, Path parent) throws IOException {
    long bytes = files.values().stream().mapToLong(s -> s.file().size()).sum();
    long free = Files.getFileStore(parent).getUsableSpace();
    if (bytes > free) {
      throw new IOException(
          "No space left on device: %d bytes are to come, %d are free".formatted(bytes, free));
    }
  }

  private void copy(Source source, Path to) throws IOException, CargoException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = target.read(run, source.unit().id(), source.file().path());
        OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
      in.transferTo(out);
    }
    if (!Sha256.fromBytes(digest.digest()).equals(source.file().digest())) {
      throw new IOException(
          "%s of unit %s is not what its receipt says: look at %s"
              .formatted(
                  source.file().path(), source.unit().id(), target.place(run, source.unit().id())));
    }
  }

  /// Whether a directory holds these files and no others, byte for byte.
  private static boolean same(Map<String, Source> files, Path place) throws IOException {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var all = Files.walk(place)) {
      long there = all.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)).count();
      if (there != files.size()) {
        return false;
      }
    }
    for (Map.Entry<String, Source> file : files.entrySet()) {
      if (!DirectoryTarget.holds(place.resolve(file.getKey()), file.getValue().file())) {
        return false;
      }
    }
    return true;
  }

  private static final Comparator<Unit> BY_AGE =
      Comparator.<Unit>comparingInt(u -> u.id().generation())
          .thenComparingInt(u -> u.id().boot())
          .thenComparingLong(u -> u.id().captureSeq());
}
