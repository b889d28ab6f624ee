package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.disk.Trees;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A unit whose box uploads it by addresses that we sign, part by part: the box has no key. When
/// all is there it is read back to this disk, proven like any other, and receipted.
final class S3Straight implements Straight {
  /// As long as a part may take over a slow line.
  private static final Duration LIFE = Duration.ofHours(1);

  /// A note that says whose parts lie there; it also shows what the store can.
  private static final String BEGUN = "/begun.json";

  /// Of the disk that is read back to.
  private static final long KEEP_FREE = 256L << 20;

  private final S3Target target;
  private final S3Store store;
  private final Cargo cargo;
  private final Path place;
  private final String at;
  private final S3PartBook book;
  private final Map<String, Sha256> asked = new HashMap<>();
  private long sentBytes;

  /// What is on its way.
  record Cargo(RunId run, Unit unit, Prover prover) {
    List<FileEntry> files() {
      return unit.manifest().files();
    }
  }

  private S3Straight(S3Target target, Path place, Cargo cargo, S3PartBook book) {
    this.target = target;
    this.store = target.store();
    this.place = place;
    this.cargo = cargo;
    this.at = target.key(cargo.run(), cargo.unit().id());
    this.book = book;
  }

  static S3Straight open(S3Target target, Path place, Cargo cargo) throws CargoException {
    try {
      Files.createDirectories(place);
      S3PartBook book = S3PartBook.open(place.resolve("parts"), cargo.unit().id());
      S3Straight straight = new S3Straight(target, place, cargo, book);
      target.store().put(straight.at + BEGUN, UnitJson.write(cargo.unit()));
      return straight;
    } catch (IOException e) {
      throw CargoException.of("Cannot begin the upload of %s".formatted(cargo.unit().id()), e);
    }
  }

  @Override
  public Unit unit() {
    return cargo.unit();
  }

  @Override
  public List<Long> partSizes() {
    return cargo.files().stream().map(file -> S3Parts.of(file.size()).size()).toList();
  }

  @Override
  public long sentBytes() {
    return sentBytes;
  }

  @Override
  public Slot slot(int file, int number, Sha256 digest) throws CargoException {
    S3Parts parts = parts(file, number);
    if (book.part(file, number).filter(part -> part.digest().equals(digest)).isPresent()) {
      return new Slot(true, "", Map.of());
    }
    asked.put(file + "/" + number, digest);
    // Signed too: it cannot be used for more bytes than this.
    SortedMap<String, String> headers = store.partHeaders(digest);
    headers.put("content-length", Long.toString(parts.length(number)));
    String key = key(file);
    // Small files too are put in parts: once they are joined, no address that was given for them
    // takes anything any more.
    String url =
        parts.empty()
            ? store.address(key, headers, LIFE)
            : store.partAddress(upload(file), number, headers, LIFE);
    return new Slot(false, url, headers);
  }

  private S3Parts parts(int file, int number) throws CargoException {
    boolean known = file >= 0 && file < cargo.files().size();
    S3Parts parts = S3Parts.of(known ? cargo.files().get(file).size() : 0);
    if (!known || number < 1 || number > parts.count()) {
      throw new CargoException(
          Kind.HOSTILE, "No part %d of file %d in %s".formatted(number, file, cargo.unit().id()));
    }
    return parts;
  }

  private String key(int file) {
    return S3Target.dataKey(at, cargo.files().get(file));
  }

  private S3Store.Upload upload(int file) throws CargoException {
    Optional<String> begun = book.upload(file);
    String id = begun.isPresent() ? begun.get() : store.begin(key(file));
    if (begun.isEmpty()) {
      book.began(file, id);
    }
    return new S3Store.Upload(key(file), id);
  }

  @Override
  public void put(int file, int number, String etag) throws CargoException {
    S3Parts parts = parts(file, number);
    Sha256 digest = asked.remove(file + "/" + number);
    if (digest == null || etag.length() > 200) {
      throw new CargoException(
          Kind.HOSTILE,
          "Part %d of file %d of %s was not asked for".formatted(number, file, cargo.unit().id()));
    }
    book.put(file, new S3Store.Part(number, etag, digest));
    sentBytes += parts.length(number);
  }

  @Override
  public Landing settle() throws CargoException {
    Map<String, String> sums = new TreeMap<>();
    for (int file = 0; file < cargo.files().size(); file++) {
      Optional<Landing> lacking = join(file, sums);
      if (lacking.isPresent()) {
        return lacking.get();
      }
    }
    Path data = place.resolve(Copy.DATA);
    try {
      Trees.remove(data);
      readBack(data);
      Landing landing =
          target.landUploaded(
              cargo.run(), cargo.unit(), data, new S3Target.Sealing(at, cargo.prover(), sums));
      if (!(landing instanceof Landing.Again)) {
        forget();
      }
      return landing;
    } catch (S3Wire.Missing e) {
      forget();
      return new Landing.Again("The store has not what was put there: " + e.getMessage());
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s back".formatted(cargo.unit().id()), e);
    }
  }

  /// Nothing of this attempt is of use any more.
  private void forget() throws CargoException {
    try {
      book.close();
      Trees.remove(place);
      store.delete(at + BEGUN);
    } catch (IOException e) {
      throw CargoException.of("Cannot clear " + place, e);
    }
  }

  /// Makes one object of a file's parts, once.
  private Optional<Landing> join(int file, Map<String, String> sums) throws CargoException {
    FileEntry entry = cargo.files().get(file);
    S3Parts parts = S3Parts.of(entry.size());
    List<S3Store.Part> there = new ArrayList<>();
    for (int number = 1; number <= parts.count(); number++) {
      Optional<S3Store.Part> part = book.part(file, number);
      if (part.isEmpty()) {
        return Optional.of(
            new Landing.Again(
                "%s lacks part %d of %d".formatted(entry.path(), number, parts.count())));
      }
      there.add(part.get());
    }
    if (parts.empty()) {
      return Optional.empty();
    }
    try {
      if (!book.joined(file) && store.complete(upload(file), there)) {
        sums.put(entry.path(), S3Store.composite(there));
      }
      book.join(file);
      return Optional.empty();
    } catch (S3Wire.Missing e) {
      book.lose(file);
      return Optional.of(new Landing.Again("The upload of " + entry.path() + " is gone: anew"));
    }
  }

  private void readBack(Path data) throws IOException, CargoException {
    Files.createDirectories(data);
    long free = Files.getFileStore(data).getUsableSpace() - KEEP_FREE;
    if (cargo.unit().manifest().bytes() > free) {
      throw new CargoException(
          Kind.DISK_FULL,
          "Cannot read %s back: it has %d bytes, %s has %d free. Free some space; it is tried again."
              .formatted(cargo.unit().id(), cargo.unit().manifest().bytes(), data, free));
    }
    for (int file = 0; file < cargo.files().size(); file++) {
      FileEntry entry = cargo.files().get(file);
      Path to = data.resolve(entry.path());
      Files.createDirectories(Objects.requireNonNull(to.getParent()));
      try (InputStream in = store.open(key(file));
          OutputStream out = Files.newOutputStream(to)) {
        copy(in, out, entry.size());
      }
    }
  }

  /// No more than there should be: what is longer is wrong by its size already.
  private static void copy(InputStream in, OutputStream out, long most) throws IOException {
    byte[] buffer = new byte[256 << 10];
    long left = most + 1;
    for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
      out.write(buffer, 0, (int) Math.min(n, left));
      left -= n;
    }
  }

  @Override
  public void close() {
    book.close();
  }
}
