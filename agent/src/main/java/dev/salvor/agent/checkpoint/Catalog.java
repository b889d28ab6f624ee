package dev.salvor.agent.checkpoint;

import dev.salvor.agent.checkpoint.Completion.Complete;
import dev.salvor.agent.core.Need;
import dev.salvor.agent.core.Report;
import dev.salvor.common.checkpoint.Candidate;
import dev.salvor.common.checkpoint.Candidates;
import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.Hashing;
import dev.salvor.common.checkpoint.PinPlace;
import dev.salvor.common.checkpoint.ResultsWalk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.disk.Ballast;
import dev.salvor.common.framework.Frameworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The cargo on this box: finds checkpoints as they are finished, gives each an id once, and at the
/// end counts everything. Belongs to one thread, which may be kept busy by large files.
public final class Catalog implements AutoCloseable {
  private static final Duration QUIET = Duration.ofSeconds(10);

  /// Looking takes at most one part in so many of a processor, however many files there are.
  private static final int LOOK_SHARE = 10;

  /// The kernel does not tell of everything: a file system of a network, a mapped file.
  private static final long LOOK_ANYWAY_NANOS = Duration.ofSeconds(5).toNanos();

  /// What is not complete by then may never be: it is looked at when something stirs.
  private static final long UNFINISHED_NANOS = Duration.ofMinutes(2).toNanos();

  private final Hashing hashing;
  private final Path home;
  private final List<Path> checkpointRoots;
  private final List<Path> resultRoots;
  private final CatalogState state;
  private final HandOver handOver;
  private final RenameWatch renames = new RenameWatch();
  private final Completion completion;
  private final Pruning pruning;
  private final LongSupplier nanoTime;
  private final Pins pins = new Pins();
  private final Losses losses = new Losses();
  private final List<String> odd = new ArrayList<>();
  private final Set<Path> tooLarge = new HashSet<>();
  private volatile Need need = Need.UNKNOWN;
  private long nextLook;
  private long lookAnyway;
  private long stirredAt;
  private boolean unfinished;
  private @Nullable Settling settling;

  public Catalog(Roots roots, Ballast ballast, Life life, CargoReader reader) throws IOException {
    this(roots, ballast, life, reader, new Completion.Timing(QUIET, System::nanoTime));
  }

  /// Where to look.
  ///
  /// @param root where the box's "/" is; all others are absolute below it
  /// @param home the agent's own directory
  public record Roots(Path root, Path home, List<String> checkpoints, List<String> results) {}

  /// Which life of which rental the units are captured in.
  ///
  /// @param told the highest sequence number of that boot that was told durably; 0 for none
  public record Life(int generation, int boot, long told) {}

  /// Some of what the end of a job left.
  ///
  /// @param more whether asking again gives more
  public record Settled(List<Unit> units, boolean more) {
    public Settled {
      units = List.copyOf(units);
    }
  }

  Catalog(Roots roots, Ballast ballast, Life life, CargoReader reader, Completion.Timing timing)
      throws IOException {
    this.hashing = new Hashing(roots.root().toAbsolutePath().normalize(), reader);
    this.home = roots.home().toAbsolutePath().normalize();
    this.checkpointRoots = roots.checkpoints().stream().map(hashing::onDisk).distinct().toList();
    this.resultRoots = roots.results().stream().map(hashing::onDisk).distinct().toList();
    Path directory = Files.createDirectories(home.resolve("catalog"));
    this.handOver = new HandOver(home);
    this.state = CatalogState.read(directory.resolve("state"), ballast, life);
    this.nanoTime = timing.nanoTime();
    this.nextLook = nanoTime.getAsLong();
    this.lookAnyway = nextLook;
    this.stirredAt = nextLook;
    OpenWriters writers = new OpenWriters(Path.of("/proc"));
    this.pruning = new Pruning(state, hashing, checkpointRoots, writers);
    this.completion = new Completion(renames, writers, hashing, reader, timing);
    for (Path checkpointRoot : this.checkpointRoots) {
      pins.adopt(checkpointRoot);
    }
    pruning.prepare();
  }

  /// Complete checkpoints not given before, oldest first; meant to be called every second. Calling
  /// again says that what was given before is kept somewhere durable: a crash before that gives it
  /// again, under a new number.
  public List<Unit> rescan() throws IOException {
    settling = null;
    state.takeAll();
    long now = nanoTime.getAsLong();
    if (now - nextLook < 0 || !mayHaveChanged(now)) {
      return List.of();
    }
    return look(false);
  }

  /// Whether a look can find anything: the kernel told, or cannot tell, or something is unfinished.
  private boolean mayHaveChanged(long now) {
    boolean stirred = renames.stirred() || !checkpointRoots.stream().allMatch(renames::watches);
    stirredAt = stirred ? now : stirredAt;
    return stirred || (unfinished && now - stirredAt < UNFINISHED_NANOS) || now - lookAnyway >= 0;
  }

  /// Called, until there is no more, once the job has ended: everything complete not yet given, and
  /// what is left in the result roots beside checkpoints, one unit a root, or one part of a large
  /// one at a time.
  public Settled settle() throws IOException {
    state.takeAll();
    Settling under = settling;
    if (under == null) {
      List<Unit> units = look(true);
      settling = new Settling(restRoots(), givenFiles(), home, odd);
      return new Settled(units, true);
    }
    for (var cut = under.next(); cut.isPresent(); cut = under.next()) {
      Optional<Unit> unit = results(cut.get());
      if (unit.isPresent()) {
        return new Settled(List.of(unit.get()), true);
      }
    }
    settling = null;
    return new Settled(List.of(), false);
  }

  /// What was given last could not be kept: it will be given again.
  public void takeBack() {
    state.takeBack();
    unfinished = true;
    settling = null;
  }

  /// The sequence number of the last unit given in this boot; 0 before the first.
  public long position() {
    return state.position();
  }

  /// What the last look could not take in, and why.
  public List<String> odd() {
    return List.copyOf(odd);
  }

  /// What a person should know of, since the last time this was asked.
  public List<Report.Notice> notices() {
    return losses.take();
  }

  /// Room that the next checkpoint will want. Any thread may ask.
  public Need need() {
    return need;
  }

  /// The unit is off the box: its pin is dropped.
  public void copied(UnitId unit) throws IOException {
    losses.copied(unit);
    pins.release(unit);
  }

  /// Removes a unit that is home, while each of the others lies here; throws, with the reason, if
  /// it stays.
  public void prune(UnitId unit, List<UnitId> stays) throws IOException {
    pruning.prune(unit, stays);
    pins.release(unit);
  }

  private List<Unit> look(boolean ended) throws IOException {
    long began = nanoTime.getAsLong();
    unfinished = true;
    odd.clear();
    List<Candidate> all = new ArrayList<>();
    Set<Path> places = new HashSet<>();
    for (Path checkpointRoot : checkpointRoots) {
      Candidates look = Candidates.in(checkpointRoot, ended);
      completion.looked(look);
      odd.addAll(look.odd());
      look.tooLarge().forEach(this::tooLarge);
      look.found().stream().filter(one -> places.add(one.place())).forEach(all::add);
    }
    completion.forgetAllBut(places);
    losses.looked();
    all.sort(Comparator.comparingLong(Candidate::newestNanos));
    need = all.isEmpty() ? need : need(all);
    List<Candidate> fresh = all.stream().filter(one -> !isKnown(one)).toList();
    long now = nanoTime.getAsLong();
    nextLook = now + (now - began) * (LOOK_SHARE - 1);
    lookAnyway = now + LOOK_ANYWAY_NANOS;
    List<Unit> units = new ArrayList<>();
    for (Candidate candidate : fresh) {
      take(candidate, ended).ifPresent(units::add);
    }
    unfinished = units.size() < fresh.size();
    return units;
  }

  private void tooLarge(Candidates.TooLarge large) {
    if (tooLarge.add(large.place())) {
      losses.tooLarge(hashing.boxPath(large.place()), large.why());
    }
  }

  /// As large as the largest that are there, as often as the last two were apart.
  private static Need need(List<Candidate> all) {
    long bytes = all.stream().mapToLong(Candidate::bytes).max().orElse(0);
    long files = all.stream().mapToLong(one -> one.files().size()).max().orElse(0);
    int last = all.size() - 1;
    long every =
        last < 1 ? 0 : (all.get(last).newestNanos() - all.get(last - 1).newestNanos()) / 1_000_000;
    return new Need(bytes, files, every);
  }

  private boolean isKnown(Candidate candidate) {
    return state.knows(hashing.boxPath(candidate.place()), candidate.fingerprint());
  }

  private Optional<Unit> take(Candidate candidate, boolean ended) throws IOException {
    pins.sending(handOver.sending());
    pins.yieldRoom(candidate.root(), candidate.bytes());
    try {
      Optional<Complete> complete = completion.judge(candidate, ended, pins::hold);
      Optional<Unit> unit =
          complete.isEmpty() ? Optional.empty() : checkpoint(candidate, complete.get());
      if (unit.isPresent()) {
        pins.sending(handOver.sending());
        pins.pin(unit.get(), candidate);
        losses.gave(unit.get(), candidate);
        renames.done(candidate.place());
      }
      return unit;
    } catch (NoSuchFileException e) {
      // Rotated away between two looks: there is nothing to take any more.
      return Optional.empty();
    } finally {
      pins.letGo();
    }
  }

  private Optional<Unit> checkpoint(Candidate candidate, Complete complete) throws IOException {
    Frameworks.Appraisal appraisal = complete.appraisal();
    OptionalLong step = appraisal.finding().step();
    Kind kind = new Kind(UnitKind.CHECKPOINT, appraisal.format(), step.orElse(0));
    return give(candidate, hashing.boxPath(candidate.place()), kind, complete);
  }

  private record Kind(UnitKind kind, String format, long step) {}

  private Optional<Unit> give(Candidate candidate, String path, Kind kind, Complete complete)
      throws IOException {
    var manifest = complete.manifest();
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
        new Unit(
            id,
            kind.kind(),
            kind.format(),
            kind.step(),
            complete.completeness(),
            manifest,
            written));
  }

  private Optional<Unit> results(ResultsWalk.Cut cut) throws IOException {
    Candidate files = cut.files();
    String root = hashing.boxPath(files.place());
    int number = cut.part().number();
    String path = "results:" + root + (number == 1 ? "" : "#" + number);
    if (state.knows(path, files.fingerprint())) {
      return Optional.empty();
    }
    var manifest = hashing.manifest(files);
    if (manifest.isEmpty()) {
      odd.add("Files in " + root + " still change after the job's end");
      return Optional.empty();
    }
    Kind kind = new Kind(UnitKind.RESULTS, cut.part().format(), 0);
    var appraisal = Settling.APPRAISAL;
    return give(files, path, kind, new Complete(Completeness.INFERRED, manifest.get(), appraisal));
  }

  /// Result roots, and what was too large for a checkpoint's unit and lies in none of them.
  private List<Path> restRoots() {
    List<Path> roots = new ArrayList<>();
    resultRoots.stream().filter(Files::isDirectory).forEach(roots::add);
    tooLarge.stream()
        .filter(Files::isDirectory)
        .filter(place -> resultRoots.stream().noneMatch(place::startsWith))
        .forEach(roots::add);
    return roots;
  }

  /// A checkpoint that was given, now or before, is no result.
  private Set<Path> givenFiles() throws IOException {
    Set<Path> given = new HashSet<>();
    for (Path checkpointRoot : checkpointRoots) {
      Candidates.in(checkpointRoot, true).found().stream()
          .filter(one -> state.gave(hashing.boxPath(one.place()), one.fingerprint()))
          .map(Candidate::places)
          .forEach(given::addAll);
    }
    return given;
  }

  @Override
  public void close() throws IOException {
    renames.close();
  }

  static boolean isOurs(Path path) {
    return String.valueOf(path.getFileName()).equals(PinPlace.DIRECTORY);
  }
}
