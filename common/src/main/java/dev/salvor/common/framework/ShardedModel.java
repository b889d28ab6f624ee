package dev.salvor.common.framework;

import dev.salvor.common.unit.SafePath;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A model in numbered shards with an index that says which tensor lies in which (the Hugging Face
/// layout, safetensors or torch).
final class ShardedModel implements FrameworkRule {
  static final Pattern INDEX = Pattern.compile("(?:.*/)?[^/]+\\.index\\.json");
  static final Pattern SHARD =
      Pattern.compile("((?:.*/)?[^/]+)-([0-9]{5})-of-([0-9]{5})(\\.[a-z]+)");

  @Override
  public String name() {
    return "sharded";
  }

  @Override
  public boolean marks(String directory, Set<String> entries) {
    return false;
  }

  @Override
  public boolean recognises(Listing files) {
    return files.hasMatch(INDEX) || files.hasMatch(SHARD);
  }

  @Override
  public Finding judge(Listing files) throws IOException {
    OptionalLong step = Names.step(files.name());
    return missing(files, step).orElse(Finding.whole(step));
  }

  /// What any index or any numbering in it says is missing; empty where nothing is.
  static Optional<Finding> missing(Listing files, OptionalLong step) throws IOException {
    for (String index : files.matching(INDEX)) {
      Optional<Finding> found = indexed(files, index, step);
      if (found.isPresent()) {
        return found;
      }
    }
    return numbered(files, step);
  }

  private static Optional<Finding> indexed(Listing files, String index, OptionalLong step)
      throws IOException {
    Optional<Set<String>> shards = Records.valuesUnder(files.file(index), "weight_map");
    if (shards.isEmpty()) {
      return Optional.of(Finding.incomplete(step, index + " does not parse"));
    }
    String directory = index.substring(0, index.lastIndexOf('/') + 1);
    long bytes = 0;
    for (String shard : shards.get()) {
      if (!SafePath.isSafe(shard) || shard.indexOf('/') >= 0) {
        return Optional.of(Finding.torn(step, index + " names a shard elsewhere: " + shard));
      }
      if (!files.has(directory + shard)) {
        return Optional.of(Finding.incomplete(step, directory + shard + " is missing"));
      }
      bytes += files.size(directory + shard);
    }
    return bytes == 0 && !shards.get().isEmpty()
        ? Optional.of(Finding.incomplete(step, "its shards are empty"))
        : Optional.empty();
  }

  private static Optional<Finding> numbered(Listing files, OptionalLong step) {
    Map<String, Set<Integer>> sets = new TreeMap<>();
    List<String> shards = files.matching(SHARD);
    for (String path : shards) {
      Matcher match = SHARD.matcher(path);
      if (match.matches()) {
        String set = match.group(1) + "-%05d-of-" + match.group(3) + match.group(4);
        sets.computeIfAbsent(set, _ -> new TreeSet<>()).add(Integer.parseInt(match.group(2)));
      }
    }
    for (var set : sets.entrySet()) {
      int total = total(set.getKey());
      if (set.getValue().size() < total) {
        return Optional.of(
            Finding.incomplete(
                step, "%d of %d shards are there".formatted(set.getValue().size(), total)));
      }
    }
    return Optional.empty();
  }

  private static int total(String set) {
    int at = set.lastIndexOf("-of-") + "-of-".length();
    return Integer.parseInt(set.substring(at, at + 5));
  }
}
