package dev.salvor.common.checkpoint;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.inspect.FormatCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What is complete on a disk, or a copy of one, that nobody writes to any more: judged by the
/// files alone.
public final class StillDisk {
  private static final String FILES = "files";

  private StillDisk() {}

  /// A unit that is complete as far as its files tell; it has no id yet.
  ///
  /// @param base where its files lie on this machine
  public record Found(
      UnitKind kind,
      String format,
      long step,
      Completeness completeness,
      Manifest manifest,
      Instant writtenAt,
      Path base) {

    /// The same bytes in the same place.
    public boolean is(Unit unit) {
      return manifest.equals(unit.manifest()) && kind == unit.kind();
    }

    public Unit unit(UnitId id) {
      return new Unit(id, kind, format, step, completeness, manifest, writtenAt);
    }
  }

  /// What a look found.
  ///
  /// @param odd what could not be taken in, and why: with any, the disk was not seen whole
  public record Look(List<Found> found, List<String> odd) {
    public Look {
      found = List.copyOf(found);
      odd = List.copyOf(odd);
    }
  }

  /// Checkpoints below the checkpoint roots, and one unit of results for each result root that is
  /// not empty.
  ///
  /// @param disk where the box's "/" is on this machine
  public static Look look(Path disk, List<String> checkpointRoots, List<String> resultRoots)
      throws IOException {
    Hashing hashing = new Hashing(disk);
    List<Found> found = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    for (String root : checkpointRoots) {
      Path place = hashing.onDisk(root);
      if (Files.isDirectory(place)) {
        Candidates candidates = Candidates.in(place, true);
        odd.addAll(candidates.odd());
        for (Candidate candidate : candidates.found()) {
          checkpoint(candidate, hashing).ifPresent(found::add);
        }
      }
    }
    for (String root : resultRoots) {
      results(hashing.onDisk(root), hashing, odd).ifPresent(found::add);
    }
    return new Look(found, odd);
  }

  private static Optional<Found> checkpoint(Candidate candidate, Hashing hashing)
      throws IOException {
    if (candidate.underTemporary() || candidate.bytes() == 0 || !wholeByRule(candidate)) {
      return Optional.empty();
    }
    String format = FILES;
    for (Path file : candidate.places()) {
      Inspection inspection = FormatCheck.inspect(file);
      if (!inspection.verdict().accepted()) {
        return Optional.empty();
      }
      format = Names.isModelPart(file.toString()) ? inspection.format() : format;
    }
    String kind = format;
    long step = step(candidate);
    Completeness sure = ruled(candidate) ? Completeness.COMMITTED : Completeness.INFERRED;
    return hashing
        .manifest(candidate)
        .map(m ->
            new Found(
                UnitKind.CHECKPOINT, kind, step, sure, m, written(candidate), candidate.base()));
  }

  private static boolean ruled(Candidate candidate) {
    return candidate.paths().contains(FrameworkRule.TRAINER_STATE);
  }

  private static boolean wholeByRule(Candidate candidate) {
    return !ruled(candidate) || FrameworkRule.isWholeTrainerDirectory(candidate.paths());
  }

  private static long step(Candidate candidate) throws IOException {
    OptionalLong recorded =
        ruled(candidate)
            ? FrameworkRule.globalStep(candidate.place().resolve(FrameworkRule.TRAINER_STATE))
            : OptionalLong.empty();
    return recorded.orElseGet(() -> Names.step(candidate.name()).orElse(0));
  }

  private static Optional<Found> results(Path root, Hashing hashing, List<String> odd)
      throws IOException {
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    List<Candidate.Part> files = Tree.files(root, _ -> true, odd);
    Candidate all = new Candidate(root, root, root, files, false);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    return hashing
        .manifest(all)
        .map(m ->
            new Found(UnitKind.RESULTS, FILES, 0, Completeness.INFERRED, m, written(all), root));
  }

  private static Instant written(Candidate candidate) {
    long nanos = candidate.newestNanos();
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
