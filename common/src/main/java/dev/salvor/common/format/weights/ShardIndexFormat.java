package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.unit.SafePath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The index of weights in several files: all of them must be there, and each tensor in the one
/// that the index says.
public final class ShardIndexFormat implements Format {
  /// The largest models' indexes have some ten megabytes.
  private static final long MAX_BYTES = 32L << 20;

  private static final int MAX_NAME = 4096;
  private static final int SHOWN = 3;

  @Override
  public String name() {
    return "shard-index";
  }

  @Override
  public boolean isContentOf(Content content) {
    return false;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".index.json");
  }

  /// What the index says.
  private static final class Index {
    private final Map<String, String> files = new HashMap<>();
    private final TreeSet<String> shards = new TreeSet<>();
    private OptionalLong totalSize = OptionalLong.empty();
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    if (content.size() > MAX_BYTES) {
      throw new DamagedException("A shard index of " + content.size() + " bytes");
    }
    Index index = read(new JsonReader(content.stream(0, content.size())));
    if (index.files.isEmpty()) {
      throw new DamagedException("The shard index names no tensors");
    }
    List<String> missing = new ArrayList<>();
    Map<String, Path> found = new TreeMap<>();
    for (String shard : index.shards) {
      Optional<Path> file = content.sibling(shard);
      if (file.isPresent() && Files.isRegularFile(file.get())) {
        found.put(shard, file.get());
      } else {
        missing.add("Shard " + shard + " is missing");
      }
    }
    if (!missing.isEmpty() && content.sibling("x").isPresent()) {
      return Inspection.of(Verdict.REJECT_INCOMPLETE, name(), index.files.size(), missing);
    }
    List<String> wrong = wrong(index, found);
    Verdict verdict = wrong.isEmpty() ? Verdict.ACCEPT : Verdict.REJECT_CORRUPT;
    return Inspection.of(verdict, name(), 0, wrong);
  }

  private static Index read(JsonReader json) throws IOException {
    Index index = new Index();
    json.object(key -> {
      switch (key) {
        case "weight_map" -> json.object(tensor -> mapped(index, tensor, json));
        case "metadata" -> metadata(index, json);
        default -> json.skip();
      }
    });
    json.end();
    return index;
  }

  private static void metadata(Index index, JsonReader json) throws IOException {
    if (json.peekValue() != '{') {
      json.skip();
      return;
    }
    json.object(key -> {
      if (key.equals("total_size")) {
        index.totalSize = json.count();
      } else {
        json.skip();
      }
    });
  }

  private static void mapped(Index index, String tensor, JsonReader json) throws IOException {
    String shard = json.string(MAX_NAME);
    if (!SafePath.isSafe(shard) || shard.indexOf('/') >= 0) {
      throw new DamagedException("Not a plain file name in the shard index: " + shard);
    }
    index.shards.add(shard);
    index.files.put(tensor, String.valueOf(index.shards.ceiling(shard)));
  }

  /// Only safetensors tell their tensors' names without more ado. A shard that is damaged itself is
  /// judged as a file; here it is enough that it cannot be counted.
  private static List<String> wrong(Index index, Map<String, Path> found) throws IOException {
    if (found.isEmpty()
        || !found.keySet().stream().allMatch(name -> name.endsWith(".safetensors"))) {
      return List.of();
    }
    List<String> misplaced = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Path> shard : found.entrySet()) {
      bytes += shard(shard.getKey(), shard.getValue(), index.files, misplaced);
    }
    List<String> wrong = new ArrayList<>();
    if (!misplaced.isEmpty()) {
      wrong.add("Tensors that are not where the index says: " + shown(misplaced));
    }
    Set<String> left = index.files.keySet();
    if (!left.isEmpty()) {
      wrong.add("Tensors of the index that no shard has: " + shown(List.copyOf(left)));
    }
    if (index.totalSize.isPresent() && index.totalSize.getAsLong() != bytes) {
      wrong.add(
          "The index says %d bytes of tensors, the shards have %d"
              .formatted(index.totalSize.getAsLong(), bytes));
    }
    return wrong;
  }

  private static String shown(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "");
  }

  /// Strikes the shard's tensors off the index and answers their bytes.
  private static long shard(
      String name, Path file, Map<String, String> files, List<String> misplaced)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Content content = Content.of(channel, file);
      SafetensorsHeader header =
          SafetensorsHeader.read(
              content,
              tensor -> {
                String said = files.remove(tensor);
                if (said == null || !said.equals(name)) {
                  misplaced.add(tensor);
                }
              });
      return header.extents().stream().mapToLong(extent -> extent.end() - extent.begin()).sum();
    } catch (DamagedException | EOFException | CharacterCodingException e) {
      misplaced.add("all of " + name + " (" + e.getMessage() + ")");
      return 0;
    }
  }
}
