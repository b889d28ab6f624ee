package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Tree;
import dev.salvor.common.framework.Finding;
import dev.salvor.common.framework.Frameworks;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Judges whether a candidate was finished by its writer: the framework's rule, a rename seen, or
/// quiet with no writer and two equal digests.
final class Completion {
  /// Large files take longer to flush and to be taken up again.
  private static final long QUIET_BYTES_PER_SECOND = 1L << 30;

  private static final int MAX_INODES = 100_000;

  private record Seen(
      Sha256 fingerprint,
      long sinceNanos,
      Optional<Sha256> digest,
      Frameworks.Appraisal appraisal,
      long judgedNanos) {
    Seen with(Sha256 found) {
      return new Seen(fingerprint, sinceNanos, Optional.of(found), appraisal, judgedNanos);
    }

    Seen judged(Frameworks.Appraisal anew, long at) {
      return new Seen(fingerprint, sinceNanos, digest, anew, at);
    }
  }

  /// A candidate that is complete, with its digests.
  record Complete(Completeness completeness, Manifest manifest, Frameworks.Appraisal appraisal) {}

  /// Keeps the trainer from taking the files away while they are read.
  @FunctionalInterface
  interface Holding {
    /// Where to read them: a directory of links, or their own.
    Path hold(Candidate candidate) throws IOException;
  }

  private final Map<Path, Seen> seen = new HashMap<>();
  private final Set<String> temporaryInodes = new HashSet<>();
  private final RenameWatch renames;
  private final OpenWriters writers;
  private final Hashing hashing;
  private final CargoReader reader;
  private final Timing timing;

  /// How long quiet is, and by which clock.
  record Timing(Duration quiet, LongSupplier nanoTime) {}

  Completion(
      RenameWatch renames,
      OpenWriters writers,
      Hashing hashing,
      CargoReader reader,
      Timing timing) {
    this.renames = renames;
    this.writers = writers;
    this.hashing = hashing;
    this.reader = reader;
    this.timing = timing;
  }

  /// Takes in a look at a root: what is temporary now may be renamed by the next look.
  void looked(Candidates look) {
    look.visited().forEach(renames::watch);
    temporaryInodes.addAll(look.temporaryInodes());
    if (temporaryInodes.size() > MAX_INODES) {
      temporaryInodes.clear();
    }
    renames.drain();
  }

  void forgetAllBut(Set<Path> places) {
    seen.keySet().retainAll(places);
  }

  /// Asked at every look.
  ///
  /// @param ended whether the job is over, so that nobody will write any more
  Optional<Complete> judge(Candidate candidate, boolean ended, Holding holding) throws IOException {
    Seen now = look(candidate);
    Finding found = now.appraisal().finding();
    if (candidate.underTemporary()
        || candidate.bytes() == 0
        || !found.complete()
        || writers.anyOf(candidate.places())) {
      return Optional.empty();
    }
    if (found.state() == Finding.State.COMMITTED || arrived(candidate)) {
      return hashing
          .manifest(candidate, holding.hold(candidate))
          .map(m -> new Complete(Completeness.COMMITTED, m, now.appraisal()));
    }
    return ended ? settled(candidate, now) : inferred(candidate, now);
  }

  /// A trainer's note beside the files may change what they are: the rule is asked again now and
  /// then.
  private Seen look(Candidate candidate) throws IOException {
    long nanos = timing.nanoTime().getAsLong();
    Seen before = seen.get(candidate.place());
    Sha256 fingerprint = candidate.fingerprint();
    Seen now;
    if (before == null || !before.fingerprint().equals(fingerprint)) {
      Frameworks.Appraisal appraisal = Frameworks.judge(candidate.listing());
      now = new Seen(fingerprint, nanos, Optional.empty(), appraisal, nanos);
    } else if (nanos - before.judgedNanos() >= timing.quiet().toNanos() / 2) {
      now = before.judged(Frameworks.judge(candidate.listing()), nanos);
    } else {
      now = before;
    }
    seen.put(candidate.place(), now);
    return now;
  }

  /// Whether it came to be here by rename.
  private boolean arrived(Candidate candidate) throws IOException {
    if (candidate.isDirectory()) {
      return renames.directoryArrived(candidate.place())
          || temporaryInodes.contains(Tree.part(candidate.place(), candidate.name()).inode());
    }
    return candidate.files().stream()
        .allMatch(file ->
            renames.fileArrived(candidate.base().resolve(file.path()))
                || temporaryInodes.contains(file.inode()));
  }

  private Optional<Complete> settled(Candidate candidate, Seen now) throws IOException {
    Optional<Manifest> first = hashing.manifest(candidate);
    return first.isPresent() ? confirmed(candidate, first.get().digest(), now) : Optional.empty();
  }

  /// One digest when half of the quiet time is over, another at its end.
  private Optional<Complete> inferred(Candidate candidate, Seen since) throws IOException {
    Duration quiet = timing.quiet().plusSeconds(candidate.bytes() / QUIET_BYTES_PER_SECOND);
    long waited = timing.nanoTime().getAsLong() - since.sinceNanos();
    if (waited < quiet.toNanos() / 2) {
      return Optional.empty();
    }
    if (since.digest().isEmpty()) {
      hashing
          .manifest(candidate)
          .ifPresent(m -> seen.put(candidate.place(), since.with(m.digest())));
      return Optional.empty();
    }
    return waited < quiet.toNanos()
        ? Optional.empty()
        : confirmed(candidate, since.digest().get(), since);
  }

  private Optional<Complete> confirmed(Candidate candidate, Sha256 digest, Seen now)
      throws IOException {
    if (!reader.parse(candidate.places(), candidate.bytes())) {
      return Optional.empty();
    }
    return hashing
        .manifest(candidate)
        .filter(again -> again.digest().equals(digest))
        .map(again -> new Complete(Completeness.INFERRED, again, now.appraisal()));
  }
}
