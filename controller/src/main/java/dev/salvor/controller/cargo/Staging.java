package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.disk.Durable;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where cargo lies while it comes in: what was received once is not asked for again, across
/// restarts of either side. Safe for many threads; one copy belongs to one of them at a time.
public final class Staging {
  /// Each file is a request or more of its box; thousands of small ones come faster as blocks.
  private static final int MOST_STRAIGHT = 1_000;

  private final Path directory;
  private final Target target;
  private final Prover prover;
  private final CargoLimits limits;
  private final Map<Path, Copy> open = new ConcurrentHashMap<>();

  public Staging(Path directory, Target target, Prover prover, CargoLimits limits) {
    this.directory = directory.toAbsolutePath().normalize();
    this.target = target;
    this.prover = prover;
    this.limits = limits;
  }

  public Target target() {
    return target;
  }

  /// Begins or resumes the copy of a unit. A copy of the same unit that is still open, as after a
  /// lost connection, is superseded.
  public Copy open(RunId run, Unit unit, int blockSize) throws CargoException {
    limits.check(unit);
    Blocks blocks = blocks(unit, blockSize);
    Path place = place(run, unit);
    Copy before = open.remove(place);
    if (before != null) {
      before.supersede();
    }
    try {
      quarantine(run).takeBack(unit, place);
      prepare(place, unit, blocks);
      Optional<EarlierUnit> base = EarlierUnit.of(target, run, unit);
      Copy copy = Copy.open(new Copy.Cargo(run, unit, blocks, place, base), this);
      open.put(place, copy);
      requireRoom(copy);
      return copy;
    } catch (IOException e) {
      throw CargoException.of("Cannot stage unit %s in %s".formatted(unit.id(), place), e);
    }
  }

  /// The unit's way straight to its store; empty where its blocks come here.
  public Optional<Straight> straight(RunId run, Unit unit) throws CargoException {
    limits.check(unit);
    Optional<Straight.Way> way =
        unit.manifest().files().size() <= MOST_STRAIGHT ? target.straight(run) : Optional.empty();
    if (way.isEmpty() || target.unit(run, unit.id()).isPresent()) {
      return Optional.empty();
    }
    Path place = place(run, unit).resolveSibling("straight-" + unit.id());
    return Optional.of(way.get().open(place, run, unit, prover));
  }

  private static Blocks blocks(Unit unit, int blockSize) throws CargoException {
    try {
      return new Blocks(blockSize);
    } catch (IllegalArgumentException e) {
      throw new CargoException(
          Kind.HOSTILE, "Cannot take unit %s: %s".formatted(unit.id(), e.getMessage()));
    }
  }

  /// The full digest and the block size are kept: the name has only the digest's first digits, and
  /// blocks of another size are of no use.
  private static void prepare(Path place, Unit unit, Blocks blocks) throws IOException {
    Path mark = place.resolve("unit");
    byte[] expected =
        (unit.id().manifestDigest().hex() + " " + blocks.size() + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    boolean ours =
        Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)
            && java.util.Arrays.equals(Files.readAllBytes(mark), expected);
    if (!ours) {
      Trees.remove(place);
      Files.createDirectories(place);
      Durable.write(mark, expected);
    }
  }

  private void requireRoom(Copy copy) throws IOException, CargoException {
    long missing = copy.missingBytes();
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (missing > usable - limits.keepFree()) {
      throw new CargoException(
          Kind.DISK_FULL,
          "Cannot stage %s: it needs %d bytes, %s has %d free. Free some space; the copy resumes."
              .formatted(copy.unit().id(), missing, directory, usable));
    }
  }

  /// Brings in files that a rescue fetched: only what the manifest names is taken, and only if its
  /// bytes hash to it.
  public Landing importRescued(RunId run, Unit unit, Path from) throws CargoException {
    limits.check(unit);
    Path place = place(run, unit).resolveSibling("rescued-" + unit.id());
    Path data = place.resolve(Copy.DATA);
    try {
      Trees.remove(place);
      Files.createDirectories(data);
      for (FileEntry file : unit.manifest().files()) {
        Path fetched = from.resolve(file.path());
        if (!Files.isRegularFile(fetched, LinkOption.NOFOLLOW_LINKS)) {
          return new Landing.Refused("The rescue did not bring " + file.path());
        }
        Path to = data.resolve(file.path());
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Files.copy(fetched, to, LinkOption.NOFOLLOW_LINKS);
      }
      Landing landing = target.land(run, unit, new Staged(data, false), prover);
      cleared(run, unit, place, landing);
      return landing;
    } catch (IOException e) {
      throw CargoException.of("Cannot import rescued unit " + unit.id(), e);
    }
  }

  /// Lands what a copy has completed, and clears its place when that went well.
  Landing land(Copy.Cargo cargo) throws CargoException {
    Landing landing =
        target.land(
            cargo.run(), cargo.unit(), new Staged(cargo.place().resolve(Copy.DATA), true), prover);
    try {
      cleared(cargo.run(), cargo.unit(), cargo.place(), landing);
    } catch (IOException e) {
      throw CargoException.of("Cannot clear " + cargo.place(), e);
    }
    return landing;
  }

  /// What was refused is put aside with the reason, for a person to look at: it counts for nothing.
  private void cleared(RunId run, Unit unit, Path place, Landing landing) throws IOException {
    switch (landing) {
      case Landing.Landed _ -> Trees.remove(place);
      case Landing.Again _ -> {
        // It stays where it is.
      }
      case Landing.Refused(String reason) -> quarantine(run).put(unit, place, reason);
    }
  }

  private Quarantine quarantine(RunId run) {
    return new Quarantine(directory.resolve(run.value()).resolve("quarantine"));
  }

  void closed(Copy copy, Path place) {
    open.remove(place, copy);
  }

  private Path place(RunId run, Unit unit) {
    return directory.resolve(run.value()).resolve(unit.id().toString());
  }
}
