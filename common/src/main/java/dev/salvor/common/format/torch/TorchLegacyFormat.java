package dev.salvor.common.format.torch;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleJudge;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.pickle.PickleValue.Items;
import dev.salvor.common.format.pickle.PickleValue.Storage;
import dev.salvor.common.format.pickle.PickleValue.Text;
import dev.salvor.common.format.pickle.PickleWalk;
import dev.salvor.common.format.pickle.TorchTensors;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// torch's format before 1.6, which DeepSpeed can still write: magic, version, the writer's
/// machine, the object and the list of storage keys as pickles, then for each key a count of eight
/// bytes and its elements, then the end.
public final class TorchLegacyFormat implements Format {
  /// torch's magic number 0x1950a86a20f9469cfc6c and STOP, as protocols from 2 on and before write
  /// it.
  private static final String[] MAGIC = {
    "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "L119547037146038801333356L\n."
  };

  private static final int COUNT_BYTES = 8;

  @Override
  public String name() {
    return "pytorch-legacy";
  }

  @Override
  public boolean isContentOf(Content content) {
    return content.opensWith(MAGIC[0]) || content.opensWith(MAGIC[1]);
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    PickleBytes bytes = new PickleBytes(content.stream(0, content.size()));
    PickleWalk walk = new PickleWalk(bytes);
    List<String> damage = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    OptionalLong step = OptionalLong.empty();
    try {
      walk.pickle();
      walk.pickle();
      boolean bigEndian = bigEndian(walk.pickle());
      step = TorchStep.of(walk.pickle());
      List<String> keys = keys(walk.pickle());
      storages(content, bytes.position(), ordered(keys, walk), bigEndian, remarks);
    } catch (DamagedException | EOFException e) {
      damage.add(String.valueOf(e.getMessage()));
    }
    return PickleJudge.judge(
        walk.notes(), new PickleJudge.File(name(), true, Verdict.ACCEPT, step, damage, remarks));
  }

  private static boolean bigEndian(PickleValue system) {
    return system instanceof Dict dict
        && dict.get("little_endian").filter(PickleValue.False.class::isInstance).isPresent();
  }

  private static List<String> keys(PickleValue list) throws IOException {
    if (!(list instanceof Items items)) {
      throw new DamagedException("The fifth pickle is not the list of storages");
    }
    List<String> keys = new ArrayList<>();
    for (PickleValue item : items.values()) {
      if (!(item instanceof Text(String key))) {
        throw new DamagedException("The list of storages holds more than names");
      }
      keys.add(key);
    }
    return keys;
  }

  private static List<Storage> ordered(List<String> keys, PickleWalk walk) throws IOException {
    Map<String, Storage> known = walk.notes().storages();
    Set<String> seen = new HashSet<>();
    List<Storage> ordered = new ArrayList<>();
    for (String key : keys) {
      Storage storage = known.get(key);
      if (storage == null || !seen.add(key)) {
        throw new DamagedException("Storage " + key + " is listed and belongs to no tensor");
      }
      ordered.add(storage);
    }
    if (seen.size() != known.size()) {
      throw new DamagedException(known.size() - seen.size() + " storages are not in the file");
    }
    return ordered;
  }

  private static void storages(
      Content content, long from, List<Storage> storages, boolean bigEndian, List<String> remarks)
      throws IOException {
    long at = from;
    int notFinite = 0;
    for (Storage storage : storages) {
      long length = TorchTensors.bytes(storage);
      if (length < 0) {
        remarks.add("Storages of type " + storage.type() + " cannot be measured");
        return;
      }
      long count = content.read(at, COUNT_BYTES).getLong();
      if (count != storage.elements()) {
        throw new DamagedException(
            "Storage %s says %d elements, its pickle %d"
                .formatted(storage.key(), count, storage.elements()));
      }
      at += COUNT_BYTES;
      if (length > content.size() - at) {
        throw new DamagedException("The file ends inside storage " + storage.key());
      }
      notFinite += finite(content, at, length, storage, bigEndian) ? 0 : 1;
      at += length;
    }
    if (at != content.size()) {
      throw new DamagedException(content.size() - at + " bytes lie behind the last storage");
    }
    if (notFinite > 0) {
      remarks.add(notFinite + " tensors hold numbers that are not finite");
    }
  }

  private static boolean finite(
      Content content, long at, long length, Storage storage, boolean bigEndian)
      throws IOException {
    Optional<FloatScan.Kind> kind = TorchTensors.floats(storage);
    if (kind.isEmpty()) {
      return true;
    }
    return FloatScan.finite(kind.get(), bigEndian, content.raw(at, length));
  }
}
