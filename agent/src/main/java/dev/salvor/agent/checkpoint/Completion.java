package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FrameworkRule;
import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Names;
import dev.salvor.common.checkpoint.Tree;
import dev.salvor.common.inspect.FormatCheck;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/// Judges whether a candidate was finished by its writer: the framework's rule, a rename seen, or
/// quiet with no writer and two equal digests.
final class Completion {
  /// Files that a writer puts into a directory last.
  private static final Set<String> MARKERS =
      Set.of("_SUCCESS", "commit_success.txt", "COMMITTED", ".metadata", "orbax.checkpoint");

  /// Large files take longer to flush and to be taken up again.
  private static final long QUIET_BYTES_PER_SECOND = 1L << 30;

  private record Seen(Sha256 fingerprint, long sinceNanos, Optional<Sha256> digest) {}

  /// A candidate that is complete, with its digests.
  record Complete(Completeness completeness, Manifest manifest) {}

  private final Map<Path, Seen> seen = new HashMap<>();
  private final Set<String> temporaryInodes = new HashSet<>();
  private final RenameWatch renames;
  private final OpenWriters writers;
  private final Hashing hashing;
  private final Duration quiet;
  private final LongSupplier nanoTime;

  Completion(
      RenameWatch renames,
      OpenWriters writers,
      Hashing hashing,
      Duration quiet,
      LongSupplier nanoTime) {
    this.renames = renames;
    this.writers = writers;
    this.hashing = hashing;
    this.quiet = quiet;
    this.nanoTime = nanoTime;
  }

  /// Takes in a look at a root: what is temporary now may be renamed by the next look.
  void looked(Candidates look) {
    look.visited().forEach(renames::watch);
    temporaryInodes.addAll(look.temporaryInodes());
    if (temporaryInodes.size() > 100_000) {
      temporaryInodes.clear();
    }
    renames.drain();
  }

  void forgetAllBut(Set<Path> places) {
    seen.keySet().retainAll(places);
  }

  /// @param ended whether the job is over, so that nobody will write any more
  Optional<Complete> judge(Candidate candidate, boolean ended) throws IOException {
    Seen before = seen.get(candidate.place());
    Seen now = new Seen(candidate.fingerprint(), nanoTime.getAsLong(), Optional.empty());
    Seen same = before != null && before.fingerprint().equals(now.fingerprint()) ? before : now;
    seen.put(candidate.place(), same);
    if (candidate.underTemporary() || writers.anyOf(candidate.places())) {
      return Optional.empty();
    }
    if (isCommitted(candidate)) {
      return hashing.manifest(candidate).map(m -> new Complete(Completeness.COMMITTED, m));
    }
    return ended ? settled(candidate) : inferred(candidate, same);
  }

  private boolean isCommitted(Candidate candidate) throws IOException {
    if (!candidate.isDirectory()) {
      return candidate.bytes() > 0
          && (renames.fileArrived(candidate.place())
              || temporaryInodes.contains(candidate.files().getFirst().inode()));
    }
    List<String> paths = candidate.paths();
    if (paths.contains(FrameworkRule.TRAINER_STATE)) {
      OptionalLong step =
          FrameworkRule.globalStep(candidate.place().resolve(FrameworkRule.TRAINER_STATE));
      return FrameworkRule.isWholeTrainerDirectory(paths)
          && step.isPresent()
          && Names.step(candidate.name()).orElse(step.getAsLong()) == step.getAsLong();
    }
    return paths.stream().anyMatch(MARKERS::contains)
        || renames.directoryArrived(candidate.place())
        || temporaryInodes.contains(Tree.part(candidate.place(), candidate.name()).inode());
  }

  private Optional<Complete> settled(Candidate candidate) throws IOException {
    Optional<Manifest> first = hashing.manifest(candidate);
    return first.isPresent() ? confirmed(candidate, first.get().digest()) : Optional.empty();
  }

  /// One digest when half of the quiet time is over, another at its end.
  private Optional<Complete> inferred(Candidate candidate, Seen since) throws IOException {
    long quietNanos = quiet.plusSeconds(candidate.bytes() / QUIET_BYTES_PER_SECOND).toNanos();
    long waited = nanoTime.getAsLong() - since.sinceNanos();
    if (waited < quietNanos / 2) {
      return Optional.empty();
    }
    if (since.digest().isEmpty()) {
      Optional<Sha256> digest = hashing.manifest(candidate).map(Manifest::digest);
      seen.put(candidate.place(), new Seen(since.fingerprint(), since.sinceNanos(), digest));
      return Optional.empty();
    }
    return waited < quietNanos ? Optional.empty() : confirmed(candidate, since.digest().get());
  }

  private Optional<Complete> confirmed(Candidate candidate, Sha256 digest) throws IOException {
    for (Path file : candidate.places()) {
      if (!FormatCheck.inspect(file).verdict().accepted()) {
        return Optional.empty();
      }
    }
    return hashing
        .manifest(candidate)
        .filter(again -> again.digest().equals(digest))
        .map(again -> new Complete(Completeness.INFERRED, again));
  }
}
