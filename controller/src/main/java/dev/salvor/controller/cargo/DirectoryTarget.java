package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileDigest;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Durable;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.CargoException.Kind;
import dev.salvor.controller.core.UnitPermit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A directory as a target: ROOT/RUN/UNIT/data/..., with manifest.json and receipt.json beside.
public final class DirectoryTarget implements Target {
  private static final String DATA = "data";
  private static final String MANIFEST = "manifest.json";
  private static final String RECEIPT = "receipt.json";
  private static final String INCOMING = ".incoming-";
  private static final String TRASH = ".trash-";

  private final Path root;

  public DirectoryTarget(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public String place(RunId run, UnitId unit) {
    return directory(run, unit).toString();
  }

  @Override
  public Landing land(RunId run, Unit unit, Staged staged, Prover prover) throws CargoException {
    Path place = directory(run, unit.id());
    try {
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        return alreadyThere(run, unit, place);
      }
      Path runDirectory = root.resolve(run.value());
      Files.createDirectories(runDirectory);
      Path incoming = runDirectory.resolve(INCOMING + unit.id());
      Trees.remove(incoming);
      Files.createDirectory(incoming);
      Landing landing =
          !staged.keep() && sameDisk(staged.data(), incoming)
              ? proveThenMove(run, unit, staged, incoming, prover)
              : copyThenProve(run, unit, staged.data(), incoming, prover);
      if (landing instanceof Landing.Refused) {
        return landing;
      }
      Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
      Durable.force(runDirectory);
      Durable.force(root);
      return landing;
    } catch (IOException e) {
      throw CargoException.of("Cannot put unit %s into %s".formatted(unit.id(), place), e);
    }
  }

  /// A crash between the rename and the answer leaves a landed unit: that is success. Anything else
  /// at the place is never touched.
  private Landing alreadyThere(RunId run, Unit unit, Path place) throws CargoException {
    Optional<Unit> there = unit(run, unit.id());
    if (there.isPresent()
        && there.get().manifest().files().equals(unit.manifest().files())
        && stillThere(run, unit.id(), unit.manifest(), Look.DIGESTS)) {
      return new Landing.Landed(place.toString(), List.of("It was there already."));
    }
    return new Landing.Refused(
        "%s holds something else and is never overwritten. Look at it, then move it away."
            .formatted(place));
  }

  private static boolean sameDisk(Path data, Path incoming) throws IOException {
    return Files.getFileStore(data).equals(Files.getFileStore(incoming));
  }

  /// On one disk the proven files themselves move: nothing is read or written twice.
  private Landing proveThenMove(RunId run, Unit unit, Staged staged, Path incoming, Prover prover)
      throws IOException {
    Path data = staged.data();
    Trees.force(data);
    Landing landing = proven(run, unit, staged, incoming, prover);
    if (landing instanceof Landing.Landed) {
      try {
        Files.move(data, incoming.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Trees.remove(incoming);
        Files.createDirectory(incoming);
        return copyThenProve(run, unit, data, incoming, prover);
      }
      Durable.force(incoming);
    }
    return landing;
  }

  /// Across disks the bytes are proven where they will stay.
  private Landing copyThenProve(RunId run, Unit unit, Path data, Path incoming, Prover prover)
      throws IOException {
    Path copy = Files.createDirectory(incoming.resolve(DATA));
    for (FileEntry file : unit.manifest().files()) {
      Path to = copy.resolve(file.path());
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      Files.copy(data.resolve(file.path()), to, LinkOption.NOFOLLOW_LINKS);
    }
    Trees.force(copy);
    return proven(run, unit, new Staged(copy, false), incoming, prover);
  }

  private Landing proven(RunId run, Unit unit, Staged staged, Path incoming, Prover prover)
      throws IOException {
    String place = place(run, unit.id());
    return switch (prover.prove(run, unit, staged, place)) {
      case Prover.Proof.Proven(String receipt, List<String> notes) -> {
        Durable.write(incoming.resolve(MANIFEST), UnitJson.write(unit));
        Durable.write(incoming.resolve(RECEIPT), receipt.getBytes(StandardCharsets.UTF_8));
        Durable.force(incoming);
        yield new Landing.Landed(place, notes);
      }
      case Prover.Proof.Disproven(String reason) -> {
        Trees.remove(incoming);
        yield new Landing.Refused(reason);
      }
    };
  }

  @Override
  public List<Unit> units(RunId run) throws CargoException {
    Path runDirectory = root.resolve(run.value());
    if (!Files.isDirectory(runDirectory)) {
      return List.of();
    }
    List<Unit> units = new ArrayList<>();
    try (Stream<Path> places = Files.list(runDirectory)) {
      for (Path place : places.toList()) {
        if (!String.valueOf(place.getFileName()).startsWith(".")
            && Files.isRegularFile(place.resolve(RECEIPT), LinkOption.NOFOLLOW_LINKS)) {
          units.add(UnitJson.read(Files.readAllBytes(place.resolve(MANIFEST))));
        }
      }
      return units;
    } catch (IOException e) {
      throw CargoException.of("Cannot list " + runDirectory, e);
    }
  }

  @Override
  public Optional<Unit> unit(RunId run, UnitId id) throws CargoException {
    Path place = directory(run, id);
    try {
      if (!Files.isRegularFile(place.resolve(RECEIPT), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      Unit unit = UnitJson.read(Files.readAllBytes(place.resolve(MANIFEST)));
      return unit.id().equals(id) ? Optional.of(unit) : Optional.empty();
    } catch (IOException e) {
      throw CargoException.of("Cannot read " + place, e);
    }
  }

  @Override
  public boolean stillThere(RunId run, UnitId id, Manifest manifest, Look look)
      throws CargoException {
    Path place = directory(run, id);
    try {
      if (!Files.isRegularFile(place.resolve(RECEIPT), LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      for (FileEntry file : manifest.files()) {
        if (!isThere(place.resolve(DATA).resolve(file.path()), file, look)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw CargoException.of("Cannot look at " + place, e);
    }
  }

  /// Whether a path is this file, byte for byte.
  static boolean holds(Path path, FileEntry file) throws IOException {
    return isThere(path, file, Look.DIGESTS);
  }

  private static boolean isThere(Path path, FileEntry file, Look look) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    long size =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size();
    return size == file.size() && (look == Look.SIZES || FileDigest.of(path).equals(file.digest()));
  }

  @Override
  public void erase(RunId run, UnitPermit permit) throws CargoException {
    Path place = directory(run, permit.terms().unit());
    Path trash = place.resolveSibling(TRASH + permit.terms().unit());
    try {
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        Trees.remove(trash);
        Files.move(place, trash, StandardCopyOption.ATOMIC_MOVE);
        Durable.force(Objects.requireNonNull(place.getParent()));
      }
      Trees.remove(trash);
    } catch (IOException e) {
      throw CargoException.of("Cannot take away " + place, e);
    }
  }

  @Override
  public InputStream read(RunId run, UnitId id, String path) throws CargoException {
    if (!FileEntry.isSafe(path)) {
      throw new CargoException(Kind.HOSTILE, "Not a file of a unit: " + path);
    }
    Path file = directory(run, id).resolve(DATA).resolve(path);
    try {
      return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw CargoException.of("Cannot read " + file, e);
    }
  }

  /// The receipt of a unit, whether or not it is there.
  public Path receipt(RunId run, UnitId id) {
    return directory(run, id).resolve(RECEIPT);
  }

  private Path directory(RunId run, UnitId id) {
    return root.resolve(run.value()).resolve(id.toString());
  }
}
