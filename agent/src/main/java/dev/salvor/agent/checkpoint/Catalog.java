package dev.salvor.agent.checkpoint;

import dev.salvor.agent.checkpoint.Completion.Complete;
import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidate.Part;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FrameworkRule;
import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Names;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.Tree;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/// The cargo on this box: finds checkpoints as they are finished, gives each an id once, and at the
/// end counts everything. Belongs to one thread, which may be kept busy by large files.
public final class Catalog implements AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final Hashing hashing;
  private final Path home;
  private final List<Path> checkpointRoots;
  private final List<Path> resultRoots;
  private final CatalogState state;
  private final HandOver handOver;
  private final RenameWatch renames = new RenameWatch();
  private final Completion completion;
  private final Pins pins = new Pins();
  private final List<String> odd = new ArrayList<>();

  public Catalog(Roots roots, int generation, int boot) throws IOException {
    this(roots, generation, boot, QUIET, System::nanoTime);
  }

  /// Where to look.
  ///
  /// @param root where the box's "/" is; all others are absolute below it
  /// @param home the agent's own directory
  public record Roots(Path root, Path home, List<String> checkpoints, List<String> results) {}

  Catalog(Roots roots, int generation, int boot, Duration quiet, LongSupplier nanoTime)
      throws IOException {
    this.hashing = new Hashing(roots.root().toAbsolutePath().normalize());
    this.home = roots.home().toAbsolutePath().normalize();
    this.checkpointRoots = roots.checkpoints().stream().map(hashing::onDisk).distinct().toList();
    this.resultRoots = roots.results().stream().map(hashing::onDisk).distinct().toList();
    Path directory = Files.createDirectories(home.resolve("catalog"));
    this.handOver = new HandOver(home);
    this.state = CatalogState.read(directory.resolve("state"), generation, boot);
    OpenWriters writers = new OpenWriters(Path.of("/proc"));
    this.completion = new Completion(renames, writers, hashing, quiet, nanoTime);
    for (Path checkpointRoot : this.checkpointRoots) {
      pins.adopt(checkpointRoot);
    }
  }

  /// Complete checkpoints not given before, oldest first; meant to be called every second. Calling
  /// again says that what was given before is kept somewhere durable: a crash before that gives it
  /// again, under the same id.
  public List<Unit> rescan() throws IOException {
    return look(false);
  }

  /// Called once the job has ended: everything complete not yet given, and what is left in the
  /// result roots beside checkpoints, one unit a root.
  public List<Unit> settle() throws IOException {
    List<Unit> units = new ArrayList<>(look(true));
    for (Path resultRoot : resultRoots) {
      results(resultRoot).ifPresent(units::add);
    }
    return units;
  }

  /// The sequence number of the last unit given in this boot; 0 before the first.
  public long position() {
    return state.position();
  }

  /// What the last look could not take in, and why.
  public List<String> odd() {
    return List.copyOf(odd);
  }

  /// The unit is off the box: its pin is dropped.
  public void copied(UnitId unit) throws IOException {
    pins.release(unit);
  }

  private List<Unit> look(boolean ended) throws IOException {
    state.takeAll();
    odd.clear();
    List<Candidate> fresh = new ArrayList<>();
    Set<Path> places = new HashSet<>();
    for (Path checkpointRoot : checkpointRoots) {
      Candidates look = Candidates.in(checkpointRoot, ended);
      completion.looked(look);
      odd.addAll(look.odd());
      for (Candidate candidate : look.found()) {
        if (places.add(candidate.place()) && !isKnown(candidate)) {
          fresh.add(candidate);
        }
      }
    }
    completion.forgetAllBut(places);
    fresh.sort(java.util.Comparator.comparingLong(Candidate::newestNanos));
    List<Unit> units = new ArrayList<>();
    for (Candidate candidate : fresh) {
      take(candidate, ended).ifPresent(units::add);
    }
    return units;
  }

  private boolean isKnown(Candidate candidate) {
    return state.knows(hashing.boxPath(candidate.place()), candidate.fingerprint());
  }

  private Optional<Unit> take(Candidate candidate, boolean ended) throws IOException {
    pins.sending(handOver.sending());
    pins.yieldRoom(candidate.root(), candidate.bytes());
    try {
      Optional<Complete> complete = completion.judge(candidate, ended);
      if (complete.isEmpty()) {
        return Optional.empty();
      }
      Optional<Unit> unit = give(candidate, complete.get());
      if (unit.isPresent()) {
        pins.sending(handOver.sending());
        pins.pin(unit.get(), candidate.base(), candidate.root());
        renames.done(candidate.place());
      }
      return unit;
    } catch (NoSuchFileException e) {
      // Rotated away between two looks: there is nothing to take any more.
      return Optional.empty();
    }
  }

  private Optional<Unit> give(Candidate candidate, Complete complete) throws IOException {
    boolean trainer = candidate.paths().contains(FrameworkRule.TRAINER_STATE);
    OptionalLong recorded =
        trainer
            ? FrameworkRule.globalStep(candidate.place().resolve(FrameworkRule.TRAINER_STATE))
            : OptionalLong.empty();
    long step = recorded.orElse(Names.step(candidate.name()).orElse(0));
    return give(candidate, UnitKind.CHECKPOINT, format(candidate, trainer), step, complete);
  }

  private static String format(Candidate candidate, boolean trainer) {
    if (trainer) {
      return "hf-trainer";
    }
    boolean safetensors =
        candidate.paths().stream().anyMatch(path -> path.endsWith(".safetensors"));
    return safetensors ? "safetensors" : "pytorch";
  }

  private Optional<Unit> give(
      Candidate candidate, UnitKind kind, String format, long step, Complete complete)
      throws IOException {
    Manifest manifest = complete.manifest();
    String path = (kind == UnitKind.RESULTS ? "results:" : "") + hashing.boxPath(candidate.place());
    if (handOver.restored(path, manifest.digest())) {
      state.restored(path, candidate.fingerprint());
      return Optional.empty();
    }
    Optional<CatalogState.Entry> before = state.find(path, manifest.digest());
    if (before.isPresent() && before.get().taken()) {
      state.touched(before.get(), candidate.fingerprint());
      return Optional.empty();
    }
    CatalogState.Entry entry = state.give(path, manifest.digest(), candidate.fingerprint());
    UnitId id = new UnitId(entry.generation(), entry.boot(), entry.seq(), manifest.digest());
    Instant written = Instant.EPOCH.plusNanos(candidate.newestNanos());
    return Optional.of(
        new Unit(id, kind, format, step, complete.completeness(), manifest, written));
  }

  private Optional<Unit> results(Path resultRoot) throws IOException {
    if (!Files.isDirectory(resultRoot)) {
      return Optional.empty();
    }
    List<Candidate> checkpoints = new ArrayList<>();
    for (Path checkpointRoot : checkpointRoots) {
      checkpoints.addAll(Candidates.in(checkpointRoot, true).found());
    }
    Set<Path> given = new HashSet<>();
    checkpoints.stream().filter(this::wasGiven).map(Candidate::places).forEach(given::addAll);
    List<Part> files =
        Tree.files(
            resultRoot,
            path ->
                !given.contains(path)
                    && !path.equals(home)
                    && !String.valueOf(path.getFileName()).equals(PinPlace.DIRECTORY),
            odd);
    Candidate candidate = new Candidate(resultRoot, resultRoot, resultRoot, files, false);
    String path = "results:" + hashing.boxPath(resultRoot);
    if (files.isEmpty() || state.knows(path, candidate.fingerprint())) {
      return Optional.empty();
    }
    Optional<Manifest> manifest = hashing.manifest(candidate);
    if (manifest.isEmpty()) {
      odd.add("Files in " + hashing.boxPath(resultRoot) + " still change after the job's end");
      return Optional.empty();
    }
    return give(
        candidate,
        UnitKind.RESULTS,
        "files",
        0,
        new Complete(Completeness.INFERRED, manifest.get()));
  }

  /// A checkpoint that was given, in this call or before, is no result.
  private boolean wasGiven(Candidate candidate) {
    return state.gave(hashing.boxPath(candidate.place()), candidate.fingerprint());
  }

  @Override
  public void close() throws IOException {
    renames.close();
  }
}
