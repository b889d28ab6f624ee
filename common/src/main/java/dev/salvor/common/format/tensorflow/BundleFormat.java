package dev.salvor.common.format.tensorflow;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The index of a TensorFlow V2 checkpoint or SavedModel, with the shards beside it: every tensor's
/// bytes are compared with the CRC that was written with them.
public final class BundleFormat implements Format {
  private static final int SHOWN_KEY = 200;

  @Override
  public String name() {
    return "tf-bundle";
  }

  @Override
  public boolean isContentOf(Content content) throws IOException {
    return TableReader.isTable(content);
  }

  @Override
  public boolean isNameOf(Content content) {
    boolean alone = content.sibling("x").isEmpty();
    return content.named(".index") && (alone || hasShard(content));
  }

  private static boolean hasShard(Content content) {
    String name = content.exactName();
    String prefix = name.substring(0, name.length() - ".index".length());
    return content
        .sibling(prefix + ".data-00000-of-00001")
        .filter(Files::isRegularFile)
        .isPresent();
  }

  /// What one reading of the index gathers.
  private static final class Reading {
    private Optional<BundleShards> shards = Optional.empty();
    private Optional<String> missing = Optional.empty();
    private long tensors;
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    Reading reading = new Reading();
    try {
      new TableReader(content)
          .read((key, value) -> {
            if (key.length == 0) {
              BundleShards shards = new BundleShards(content, BundleEntry.header(value));
              reading.shards = Optional.of(shards);
              reading.missing = shards.missing();
            } else {
              tensor(reading, key, BundleEntry.of(value));
            }
          });
      return judged(reading);
    } finally {
      if (reading.shards.isPresent()) {
        reading.shards.get().close();
      }
    }
  }

  private static void tensor(Reading reading, byte[] key, BundleEntry entry) throws IOException {
    if (reading.shards.isEmpty()) {
      throw new DamagedException("The bundle's index does not begin with its header");
    }
    reading.tensors++;
    if (reading.missing.isEmpty()) {
      int shown = Math.min(SHOWN_KEY, key.length);
      reading.shards.get().check(new String(key, 0, shown, StandardCharsets.UTF_8), entry);
    }
  }

  private Inspection judged(Reading reading) throws IOException {
    BundleShards shards =
        reading.shards.orElseThrow(() -> new DamagedException("The bundle's index has no header"));
    if (reading.missing.isPresent()) {
      return Inspection.of(
          Verdict.REJECT_INCOMPLETE,
          name(),
          reading.tensors,
          List.of("Shard " + reading.missing.get() + " is missing"));
    }
    List<String> remarks = new ArrayList<>();
    if (shards.notFinite() > 0) {
      remarks.add(shards.notFinite() + " tensors hold numbers that are not finite");
    }
    if (shards.unchecked() > 0) {
      remarks.add(shards.unchecked() + " tensors are of a type whose CRC this reader cannot form");
    }
    return Inspection.of(Verdict.ACCEPT, name(), reading.tensors, remarks);
  }
}
