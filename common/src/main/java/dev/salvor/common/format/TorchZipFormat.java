package dev.salvor.common.format;

import dev.salvor.common.format.ZipDirectory.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/// What torch.save writes since 1.6: a zip of one directory with data.pkl and a record a storage.
/// Other zips are checked the same way, but for torch's layout.
final class TorchZipFormat implements Format {
  private static final int BUFFER_BYTES = 256 * 1024;

  /// A zip may unpack to so many times its size; torch stores, TorchScript deflates its code.
  private static final long MAX_EXPANSION = 200;

  private static final long FREE_EXPANSION = 1L << 30;

  @Override
  public String name() {
    return "pytorch-zip";
  }

  @Override
  public boolean recognises(Content content) {
    return content.startsWith("PK\u0003\u0004") || content.startsWith("PK\u0005\u0006");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    ZipDirectory zip = new ZipDirectory(content);
    zip.read();
    Map<String, Entry> byName = new HashMap<>();
    zip.entries().forEach(entry -> byName.putIfAbsent(entry.name(), entry));
    String root = root(zip.entries());
    boolean torch = content.torchNamed() || byName.containsKey(root + "data.pkl");

    List<String> damage = new ArrayList<>();
    PickleWalk walk = new PickleWalk(new PickleBytes(InputStream.nullInputStream()));
    List<PickleWalk> walks = new ArrayList<>();
    for (Entry entry : zip.entries()) {
      if (isPickle(entry)) {
        walks.add(walk(zip, entry, damage));
      }
    }
    Verdict crc = Verdict.ACCEPT;
    try {
      damage.addAll(zip.tricks());
      if (torch) {
        layout(zip, root, byName);
        storages(root, byName, zip.entries(), walks);
      }
      crc = crcs(zip, content.size());
    } catch (DamagedException | EOFException | ZipException e) {
      damage.add(String.valueOf(e.getMessage()));
    }
    walks.forEach(walk::absorb);
    return PickleJudge.judge(torch ? name() : "zip", walk, damage, crc, torch);
  }

  private static boolean isPickle(Entry entry) {
    return entry.name().endsWith(".pkl") || entry.name().endsWith(".pickle");
  }

  private static String root(List<Entry> entries) {
    String first = entries.isEmpty() ? "" : entries.getFirst().name();
    return first.substring(0, first.indexOf('/') + 1);
  }

  private static PickleWalk walk(ZipDirectory zip, Entry entry, List<String> damage)
      throws IOException {
    List<PickleWalk> walked = new ArrayList<>();
    try {
      zip.open(
          entry,
          unpacked -> {
            PickleBytes bytes = new PickleBytes(unpacked);
            PickleWalk walk = new PickleWalk(bytes);
            walked.add(walk);
            walk.pickle();
            if (bytes.position() != entry.size()) {
              damage.add(entry.name() + " goes on behind its pickle");
            }
          });
    } catch (DamagedException | EOFException | ZipException e) {
      damage.add(entry.name() + ": " + e.getMessage());
    }
    return walked.isEmpty()
        ? new PickleWalk(new PickleBytes(InputStream.nullInputStream()))
        : walked.getFirst();
  }

  private static void layout(ZipDirectory zip, String root, Map<String, Entry> byName)
      throws IOException {
    if (root.isEmpty()) {
      throw new DamagedException("The zip's entries are not in one directory");
    }
    for (Entry entry : zip.entries()) {
      if (!entry.name().startsWith(root)) {
        throw new DamagedException("A zip entry outside " + root + ": " + entry.name());
      }
    }
    if (!byName.containsKey(root + "data.pkl")) {
      throw new DamagedException("The zip has no " + root + "data.pkl");
    }
    if (!byName.containsKey(root + "version")) {
      throw new DamagedException("The zip has no " + root + "version");
    }
    Entry order = byName.get(root + "byteorder");
    if (order != null) {
      String word = new String(zip.head(order, 8), StandardCharsets.US_ASCII);
      if (!word.equals("little") && !word.equals("big")) {
        throw new DamagedException("Unknown byte order: " + word);
      }
    }
  }

  /// Each storage that a pickle names must be there, and be as long as its elements.
  private static void storages(
      String root, Map<String, Entry> byName, List<Entry> entries, List<PickleWalk> walks)
      throws IOException {
    List<Entry> pickles = entries.stream().filter(TorchZipFormat::isPickle).toList();
    for (int i = 0; i < pickles.size(); i++) {
      String pickle = pickles.get(i).name();
      if (!pickle.equals(root + "data.pkl") && !pickle.equals(root + "constants.pkl")) {
        continue;
      }
      String folder = pickle.substring(0, pickle.length() - ".pkl".length()) + "/";
      for (PickleValue.Storage storage : walks.get(i).storages().values()) {
        Entry record = byName.get(folder + storage.key());
        if (record == null) {
          throw new DamagedException("No record of storage " + storage.key());
        }
        long expected = TorchTensors.bytes(storage);
        if (expected >= 0 && record.size() != expected) {
          throw new DamagedException(
              "Storage %s has %d bytes, not %d".formatted(storage.key(), record.size(), expected));
        }
      }
    }
  }

  /// Computes every CRC. All zero means that the writer was told to leave them out.
  private static Verdict crcs(ZipDirectory zip, long fileSize) throws IOException {
    boolean noCrc =
        zip.entries().stream().allMatch(entry -> entry.crc() == 0)
            && zip.entries().stream().anyMatch(entry -> entry.size() > 0);
    long budget = Math.max(FREE_EXPANSION, Math.multiplyExact(fileSize, MAX_EXPANSION));
    byte[] buffer = new byte[BUFFER_BYTES];
    boolean allZero = true;
    for (Entry entry : zip.entries()) {
      budget -= entry.size();
      if (budget < 0) {
        throw new DamagedException("The zip unpacks to far more than its size");
      }
      long crc = crc(zip, entry, buffer);
      allZero &= crc == 0;
      if (crc != entry.crc() && !noCrc) {
        throw new DamagedException("CRC of " + entry.name() + " does not match");
      }
    }
    return noCrc && !allZero ? Verdict.ACCEPT_NO_CRC : Verdict.ACCEPT;
  }

  private static long crc(ZipDirectory zip, Entry entry, byte[] buffer) throws IOException {
    CRC32 crc = new CRC32();
    zip.open(
        entry,
        bytes -> {
          long total = 0;
          for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
            crc.update(buffer, 0, n);
            total += n;
            if (total > entry.size()) {
              break;
            }
          }
          if (total != entry.size()) {
            throw new DamagedException(entry.name() + " is not as long as the directory says");
          }
        });
    return crc.getValue();
  }
}
