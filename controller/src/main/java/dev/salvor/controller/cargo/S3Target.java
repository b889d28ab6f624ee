package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import dev.salvor.controller.core.TargetPlace;
import dev.salvor.controller.core.UnitPermit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A bucket as a target: PREFIX/RUN/UNIT/data/..., with manifest.json beside and receipt.json put
/// last: what has none is not there. By what the store says of its bytes, or by reading them back.
public final class S3Target implements Target {
  /// The words of a receipt for how it is known what the store has.
  static final String ATTESTED = "store-attested";

  static final String READ_BACK = "store-read-back";

  private static final String DATA = "/data/";
  private static final String MANIFEST = "/manifest.json";
  private static final String RECEIPT = "/receipt.json";
  private static final String SUMS = "/checksums.json";
  private static final int BUFFER = 256 << 10;

  private final S3Store store;

  /// What was read once of units that have a receipt: they never change.
  private final Map<String, Unit> known = new ConcurrentHashMap<>();

  private final Map<String, Map<String, String>> sums = new ConcurrentHashMap<>();

  S3Target(S3Store store) {
    this.store = store;
  }

  public static S3Target of(TargetPlace.Bucket bucket, S3Keys keys, InstantSource clock) {
    return new S3Target(new S3Store(new S3Wire(bucket, keys, clock, Thread::sleep)));
  }

  @Override
  public String place(RunId run, UnitId unit) {
    return store.bucket().below(run.value()).below(unit.toString()).toString();
  }

  String key(RunId run, UnitId unit) {
    String prefix = store.bucket().prefix();
    return (prefix.isEmpty() ? "" : prefix + "/") + run.value() + "/" + unit;
  }

  static String dataKey(String at, FileEntry file) {
    return at + DATA + file.path();
  }

  @Override
  public Landing land(RunId run, Unit unit, Staged staged, Prover prover) throws CargoException {
    String at = key(run, unit.id());
    if (store.head(at + RECEIPT).isPresent()) {
      return alreadyThere(run, unit);
    }
    S3Upload upload = new S3Upload(store);
    for (S3Store.Upload stale : store.uploads(at + "/")) {
      store.abort(stale);
    }
    for (FileEntry file : unit.manifest().files()) {
      upload.put(dataKey(at, file), file, staged.data().resolve(file.path()));
    }
    if (!upload.attested()) {
      readBack(at, unit);
    }
    Staged there = staged.knownBy(upload.attested() ? ATTESTED : READ_BACK);
    return seal(run, unit, there, new Sealing(at, prover, upload.sums()));
  }

  private void readBack(String at, Unit unit) throws CargoException {
    for (FileEntry file : unit.manifest().files()) {
      if (!hashesTo(dataKey(at, file), file)) {
        throw new CargoException(
            Kind.STORE_FAILED,
            "%s gave back other bytes of %s than it was given: it is put there again"
                .formatted(store.bucket(), dataKey(at, file)));
      }
    }
  }

  /// Lands what its box put into the bucket, and what was read back from there to a directory: the
  /// prover reads and hashes it.
  Landing landUploaded(RunId run, Unit unit, Path readBack, Sealing sealing) throws CargoException {
    return seal(run, unit, new Staged(readBack, false, true, READ_BACK), sealing);
  }

  /// How an uploaded unit becomes a receipted one.
  ///
  /// @param at the unit's key
  /// @param sums the store's checksums of files in parts
  record Sealing(String at, Prover prover, Map<String, String> sums) {}

  private Landing seal(RunId run, Unit unit, Staged there, Sealing sealing) throws CargoException {
    String at = sealing.at();
    try {
      return switch (sealing.prover().prove(run, unit, there, place(run, unit.id()))) {
        case Prover.Proof.Proven(String receipt, List<String> notes) -> {
          store.put(at + SUMS, UnitJson.sums(sealing.sums()));
          store.put(at + MANIFEST, UnitJson.write(unit));
          store.put(at + RECEIPT, receipt.getBytes(StandardCharsets.UTF_8));
          yield new Landing.Landed(place(run, unit.id()), notes);
        }
        case Prover.Proof.Disproven(String reason) -> {
          clear(at, unit.manifest());
          yield new Landing.Refused(reason);
        }
      };
    } catch (IOException e) {
      throw CargoException.of("Cannot prove unit %s".formatted(unit.id()), e);
    }
  }

  /// What never had a receipt.
  private void clear(String at, Manifest manifest) throws CargoException {
    for (FileEntry file : manifest.files()) {
      store.delete(dataKey(at, file));
    }
  }

  private Landing alreadyThere(RunId run, Unit unit) throws CargoException {
    Optional<Unit> there = unit(run, unit.id());
    if (there.isPresent()
        && there.get().manifest().files().equals(unit.manifest().files())
        && stillThere(run, unit.id(), unit.manifest(), Look.DIGESTS)) {
      return new Landing.Landed(place(run, unit.id()), List.of("It was there already."));
    }
    return new Landing.Refused(
        "%s holds something else and is never overwritten. Look at it, then move it away."
            .formatted(place(run, unit.id())));
  }

  private boolean hashesTo(String key, FileEntry file) throws CargoException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER];
    long left = file.size();
    try (InputStream in = store.open(key)) {
      for (int n = in.read(buffer); n >= 0 && left >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        left -= n;
      }
    } catch (S3Wire.Missing e) {
      return false;
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s back from %s".formatted(key, store.bucket()), e);
    }
    return left == 0 && Sha256.fromBytes(digest.digest()).equals(file.digest());
  }

  @Override
  public List<Unit> units(RunId run) throws CargoException {
    String prefix = store.bucket().prefix();
    String runs = (prefix.isEmpty() ? "" : prefix + "/") + run.value() + "/";
    List<Unit> units = new ArrayList<>();
    for (String name : store.below(runs)) {
      receipted(runs + name).ifPresent(units::add);
    }
    return units;
  }

  @Override
  public Optional<Unit> unit(RunId run, UnitId id) throws CargoException {
    return receipted(key(run, id)).filter(unit -> unit.id().equals(id));
  }

  private Optional<Unit> receipted(String at) throws CargoException {
    if (store.head(at + RECEIPT).isEmpty()) {
      return Optional.empty();
    }
    Unit before = known.get(at);
    if (before != null) {
      return Optional.of(before);
    }
    Optional<byte[]> manifest = store.text(at + MANIFEST);
    try {
      if (manifest.isPresent()) {
        known.put(at, UnitJson.read(manifest.get()));
      }
      return Optional.ofNullable(known.get(at));
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s in %s".formatted(at + MANIFEST, store.bucket()), e);
    }
  }

  @Override
  public boolean stillThere(RunId run, UnitId id, Manifest manifest, Look look)
      throws CargoException {
    String at = key(run, id);
    if (store.head(at + RECEIPT).isEmpty()) {
      return false;
    }
    for (FileEntry file : manifest.files()) {
      if (!isThere(at, file, look)) {
        return false;
      }
    }
    return true;
  }

  private boolean isThere(String at, FileEntry file, Look look) throws CargoException {
    Optional<S3Store.Held> held = store.head(dataKey(at, file));
    if (held.isEmpty() || held.get().size() != file.size()) {
      return false;
    }
    if (look == Look.SIZES) {
      return true;
    }
    String sum = held.get().checksum();
    if (sum.isEmpty()) {
      return hashesTo(dataKey(at, file), file);
    }
    return sum.equals(S3Store.base64(file.digest())) || sum.equals(sums(at).get(file.path()));
  }

  /// What the store's checksums of files in parts were when they were proven.
  private Map<String, String> sums(String at) throws CargoException {
    Map<String, String> before = sums.get(at);
    if (before != null) {
      return before;
    }
    try {
      Map<String, String> read = UnitJson.sums(store.text(at + SUMS).orElse(new byte[0]));
      sums.put(at, read);
      return read;
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s in %s".formatted(at + SUMS, store.bucket()), e);
    }
  }

  @Override
  public void erase(RunId run, UnitPermit permit) throws CargoException {
    String at = key(run, permit.terms().unit());
    Optional<byte[]> manifest = store.text(at + MANIFEST);
    store.delete(at + RECEIPT);
    known.remove(at);
    sums.remove(at);
    try {
      if (manifest.isPresent()) {
        clear(at, UnitJson.read(manifest.get()).manifest());
      }
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s in %s".formatted(at + MANIFEST, store.bucket()), e);
    }
    store.delete(at + SUMS);
    // Last: it says what else there is to take away, should this be cut off.
    store.delete(at + MANIFEST);
  }

  @Override
  public InputStream read(RunId run, UnitId id, String path) throws CargoException {
    if (!FileEntry.isSafe(path)) {
      throw new CargoException(Kind.HOSTILE, "Not a file of a unit: " + path);
    }
    return store.open(key(run, id) + DATA + path);
  }

  @Override
  public Optional<Straight.Way> straight(RunId run) {
    return Optional.of((place, ofRun, unit, prover) ->
        S3Straight.open(this, place, new S3Straight.Cargo(ofRun, unit, prover)));
  }

  S3Store store() {
    return store;
  }
}
