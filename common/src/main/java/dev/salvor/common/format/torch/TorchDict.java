package dev.salvor.common.format.torch;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.pickle.PickleBytes;
import dev.salvor.common.format.pickle.PickleValue;
import dev.salvor.common.format.pickle.PickleValue.Dict;
import dev.salvor.common.format.pickle.PickleWalk;
import dev.salvor.common.format.zip.ZipDirectory;
import dev.salvor.common.format.zip.ZipDirectory.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The dict that a torch file holds, as symbols: what frameworks note beside their tensors.
public final class TorchDict {
  private TorchDict() {}

  /// Empty where the file holds something else.
  public static Optional<Dict> of(Content content) throws IOException {
    if (!content.startsWith("PK")) {
      PickleWalk walk = new PickleWalk(new PickleBytes(content.stream(0, content.size())));
      for (int i = 0; i < 3 && new TorchLegacyFormat().isContentOf(content); i++) {
        walk.pickle();
      }
      return dict(walk.pickle());
    }
    ZipDirectory zip = new ZipDirectory(content);
    zip.read();
    List<PickleValue> values = new ArrayList<>();
    for (Entry entry : zip.entries()) {
      if (entry.name().endsWith("/data.pkl")) {
        zip.open(entry, bytes -> values.add(new PickleWalk(new PickleBytes(bytes)).pickle()));
      }
    }
    return values.isEmpty() ? Optional.empty() : dict(values.getFirst());
  }

  private static Optional<Dict> dict(PickleValue value) {
    return value instanceof Dict dict ? Optional.of(dict) : Optional.empty();
  }
}
