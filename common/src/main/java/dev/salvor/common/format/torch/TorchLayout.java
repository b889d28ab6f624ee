package dev.salvor.common.format.torch;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.TorchTensors;
import dev.salvor.common.format.zip.ZipDirectory;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import dev.salvor.common.format.zip.ZipLayout;
import dev.salvor.common.format.zip.ZipPickles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What torch.save writes since 1.6: one directory with data.pkl and a record a storage.
/// TorchScript archives have the same, with code.
public final class TorchLayout implements ZipLayout {
  private static final String DATA = "data.pkl";

  /// Written by torch.save unless it was told otherwise; readers map records into memory by it.
  private static final int ALIGNMENT = 64;

  @Override
  public boolean recognises(Zip zip) {
    String root = root(zip.directory().entries());
    return zip.content().torchNamed()
        || zip.directory().entries().stream().anyMatch(e -> e.name().equals(root + DATA));
  }

  private static String root(List<Entry> entries) {
    String first = entries.isEmpty() ? "" : entries.getFirst().name();
    return first.substring(0, first.indexOf('/') + 1);
  }

  @Override
  public void look(Zip zip, Findings into) throws IOException {
    into.format("pytorch-zip", true);
    List<Entry> entries = zip.directory().entries();
    Map<String, Entry> byName = new HashMap<>();
    entries.forEach(entry -> byName.putIfAbsent(entry.name(), entry));
    String root = root(entries);
    zip.pickles()
        .get(root + DATA)
        .flatMap(ZipPickles.Walked::value)
        .ifPresent(value -> into.step(TorchStep.of(value)));
    rooted(entries, root, byName);
    byteOrder(zip.directory(), byName.get(root + "byteorder"), into);
    Set<String> records = new HashSet<>();
    for (String pickle : List.of(root + DATA, root + "constants.pkl")) {
      String folder = pickle.substring(0, pickle.length() - ".pkl".length()) + "/";
      Optional<ZipPickles.Walked> walked = zip.pickles().get(pickle);
      if (walked.isPresent()) {
        for (PickleValue.Storage storage : walked.get().notes().storages().values()) {
          records.add(storage(folder, storage, byName, into));
        }
      }
    }
    remarks(zip.directory(), root, records, into);
  }

  private static void rooted(List<Entry> entries, String root, Map<String, Entry> byName)
      throws IOException {
    if (root.isEmpty()) {
      throw new DamagedException("The zip's entries are not in one directory");
    }
    for (Entry entry : entries) {
      if (!entry.name().startsWith(root)) {
        throw new DamagedException("A zip entry outside " + root + ": " + entry.name());
      }
    }
    for (String name : List.of(DATA, "version")) {
      if (!byName.containsKey(root + name)) {
        throw new DamagedException("The zip has no " + root + name);
      }
    }
  }

  private static void byteOrder(
      ZipDirectory zip, @org.jspecify.annotations.Nullable Entry order, Findings into)
      throws IOException {
    if (order == null) {
      return;
    }
    String word = new String(zip.head(order, 8), StandardCharsets.US_ASCII);
    if (!word.equals("little") && !word.equals("big")) {
      throw new DamagedException("Unknown byte order: " + word);
    }
    if (word.equals("big")) {
      into.bigEndian();
    }
  }

  /// A storage that a pickle names must be there, and be as long as its elements.
  private static String storage(
      String folder, PickleValue.Storage storage, Map<String, Entry> byName, Findings into)
      throws IOException {
    Entry record = byName.get(folder + storage.key());
    if (record == null) {
      throw new DamagedException("No record of storage " + storage.key());
    }
    long expected = TorchTensors.bytes(storage);
    if (expected >= 0 && record.size() != expected) {
      throw new DamagedException(
          "Storage %s has %d bytes, not %d".formatted(storage.key(), record.size(), expected));
    }
    TorchTensors.floats(storage).ifPresent(kind -> into.floats(record.name(), kind));
    return record.name();
  }

  /// Odd, yet nothing that torch.load would mind.
  private static void remarks(ZipDirectory zip, String root, Set<String> records, Findings into)
      throws IOException {
    int unreferenced = 0;
    int unaligned = 0;
    for (Entry entry : zip.entries()) {
      if (records.contains(entry.name())) {
        unaligned += zip.dataOffset(entry) % ALIGNMENT == 0 ? 0 : 1;
      } else if (entry.name().startsWith(root + "data/")) {
        unreferenced++;
      }
    }
    if (unreferenced > 0) {
      into.remark(unreferenced + " storages are in the file that no tensor uses");
    }
    if (unaligned > 0) {
      into.remark(unaligned + " storages do not begin on 64 bytes, as torch.save writes them");
    }
  }
}
