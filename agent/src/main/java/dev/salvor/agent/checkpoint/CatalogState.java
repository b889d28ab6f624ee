package dev.salvor.agent.checkpoint;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.disk.Ballast;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which units were given out, on disk: a restarted agent gives none twice under two ids and lets
/// none fall between.
final class CatalogState {
  /// The oldest beyond these are forgotten; their files are long rotated away.
  private static final int MAX_ENTRIES = 10_000;

  /// A unit by its place and content.
  ///
  /// @param taken whether the caller came back after it was given: until then it may have been told
  ///   to nobody, and is given anew
  record Entry(
      int generation,
      int boot,
      long seq,
      Sha256 digest,
      Sha256 fingerprint,
      boolean taken,
      String path) {
    UnitId unit() {
      return new UnitId(generation, boot, seq, digest);
    }

    Entry withFingerprint(Sha256 newer) {
      return new Entry(generation, boot, seq, digest, newer, taken, path);
    }

    Entry asTaken() {
      return new Entry(generation, boot, seq, digest, fingerprint, true, path);
    }
  }

  private record Restored(String path, Sha256 fingerprint) {}

  private final Path file;
  private final Ballast ballast;
  private final int generation;
  private final int boot;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<Entry> given = new HashSet<>();
  private final Set<Restored> restored = new HashSet<>();
  private long last;

  private CatalogState(Path file, Ballast ballast, Catalog.Life life) {
    this.file = file;
    this.ballast = ballast;
    this.generation = life.generation();
    this.boot = life.boot();
  }

  static CatalogState read(Path file, Ballast ballast, Catalog.Life life) throws IOException {
    CatalogState state = new CatalogState(file, ballast, life);
    state.load(life.told());
    return state;
  }

  /// What may not have been told is forgotten, so that it is given anew under a new number: numbers
  /// rise in the order of telling, and one that comes late would pass for one that was told.
  private void load(long told) throws IOException {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        Entry entry = parse(line, file);
        boolean ours = entry.boot() == boot;
        if (entry.generation() == generation && (ours ? entry.seq() <= told : entry.taken())) {
          entries.add(entry.asTaken());
        }
        last = Math.max(last, ours ? entry.seq() : 0);
      }
    } catch (NoSuchFileException e) {
      // Nothing was given on this disk yet.
    }
    last = Math.max(last, told);
  }

  /// The highest sequence number given in this boot; 0 before the first.
  long position() {
    return last;
  }

  /// Whether these very files were given and taken.
  boolean knows(String path, Sha256 fingerprint) {
    return restored.contains(new Restored(path, fingerprint))
        || of(path, fingerprint).anyMatch(Entry::taken);
  }

  /// Whether these very files were given.
  boolean gave(String path, Sha256 fingerprint) {
    return restored.contains(new Restored(path, fingerprint))
        || of(path, fingerprint).findAny().isPresent();
  }

  private Stream<Entry> of(String path, Sha256 fingerprint) {
    return entries.stream()
        .filter(entry -> entry.path().equals(path) && entry.fingerprint().equals(fingerprint));
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /// What was given under this number.
  Optional<Entry> of(UnitId unit) {
    return entries.stream().filter(entry -> entry.unit().equals(unit)).findFirst();
  }

  Optional<Entry> find(String path, Sha256 digest) {
    return entries.stream()
        .filter(entry -> entry.path().equals(path) && entry.digest().equals(digest))
        .findFirst();
  }

  /// These files came from the controller and are no news to it.
  void restored(String path, Sha256 fingerprint) {
    restored.add(new Restored(path, fingerprint));
  }

  /// A new unit, or one that was given and reached nobody; durable when this returns.
  Entry give(String path, Sha256 digest, Sha256 fingerprint) throws IOException {
    List<Entry> before = List.copyOf(entries);
    find(path, digest).ifPresent(entries::remove);
    Entry entry = new Entry(generation, boot, last + 1, digest, fingerprint, false, path);
    entries.add(entry);
    try {
      write();
    } catch (IOException e) {
      // Not on disk is not given: the next look gives it again.
      entries.clear();
      entries.addAll(before);
      throw e;
    }
    last = entry.seq();
    given.add(entry);
    return entry;
  }

  /// What this process gave did not reach the caller's queue: it is given again.
  void takeBack() {
    given.clear();
  }

  /// The same content with other attributes: touched, or restored.
  void touched(Entry entry, Sha256 fingerprint) throws IOException {
    entries.set(entries.indexOf(entry), entry.withFingerprint(fingerprint));
    write();
  }

  /// Everything that this process gave has reached the caller's own durable queue.
  void takeAll() throws IOException {
    if (given.isEmpty()) {
      return;
    }
    entries.replaceAll(entry -> given.contains(entry) ? entry.asTaken() : entry);
    given.clear();
    write();
  }

  private void write() throws IOException {
    while (entries.size() > MAX_ENTRIES) {
      entries.removeFirst();
    }
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(format(entry)).append('\n'));
    ballast.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String format(Entry entry) {
    return String.join(
        " ",
        String.valueOf(entry.generation()),
        String.valueOf(entry.boot()),
        String.valueOf(entry.seq()),
        entry.digest().hex(),
        entry.fingerprint().hex(),
        String.valueOf(entry.taken()),
        URLEncoder.encode(entry.path(), StandardCharsets.UTF_8));
  }

  private static Entry parse(String line, Path file) throws IOException {
    String[] words = line.split(" ", -1);
    try {
      return new Entry(
          Integer.parseInt(words[0]),
          Integer.parseInt(words[1]),
          Long.parseLong(words[2]),
          new Sha256(words[3]),
          new Sha256(words[4]),
          Boolean.parseBoolean(words[5]),
          URLDecoder.decode(words[6], StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("Not a line of a catalog: " + file + ": " + line, e);
    }
  }
}
