package dev.salvor.common.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is complete on a disk, or a copy of one, that nobody writes to any more: judged by the
/// files alone.
public final class StillDisk {
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
        candidates.tooLarge().forEach(large -> odd.add(large.place() + ": " + large.why()));
        for (Candidate candidate : candidates.found()) {
          checkpoint(candidate, hashing).ifPresent(found::add);
        }
      }
    }
    for (String root : resultRoots) {
      results(hashing.onDisk(root), hashing, found, odd);
    }
    return new Look(found, odd);
  }

  private static Optional<Found> checkpoint(Candidate candidate, Hashing hashing)
      throws IOException {
    if (candidate.bytes() == 0) {
      return Optional.empty();
    }
    Judgement judged = Judgement.of(candidate);
    if (!judged.complete()) {
      return Optional.empty();
    }
    boolean committed = judged.state() == Judgement.State.COMMITTED;
    Completeness sure = committed ? Completeness.COMMITTED : Completeness.INFERRED;
    return hashing
        .manifest(candidate)
        .map(m ->
            new Found(
                UnitKind.CHECKPOINT,
                judged.format(),
                judged.step().orElse(0),
                sure,
                m,
                written(candidate),
                candidate.base()));
  }

  private static void results(Path root, Hashing hashing, List<Found> found, List<String> odd)
      throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    ResultsWalk walk =
        new ResultsWalk(
            root, path -> !String.valueOf(path.getFileName()).equals(PinPlace.DIRECTORY));
    for (var cut = walk.next(odd); cut.isPresent(); cut = walk.next(odd)) {
      Candidate files = cut.get().files();
      String format = cut.get().part().format();
      hashing
          .manifest(files)
          .map(m ->
              new Found(
                  UnitKind.RESULTS, format, 0, Completeness.INFERRED, m, written(files), root))
          .ifPresent(found::add);
    }
  }

  private static Instant written(Candidate candidate) {
    long nanos = candidate.newestNanos();
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
