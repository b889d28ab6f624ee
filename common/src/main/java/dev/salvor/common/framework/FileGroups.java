package dev.salvor.common.framework;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;

/// Which files of one directory are one checkpoint together: single ones, a bundle of TensorFlow's,
/// a model in shards.
public final class FileGroups {
  private FileGroups() {}

  /// The groups by the name of the file that speaks for each, which may not be there (yet).
  public static Map<String, List<String>> of(Collection<String> names) {
    Map<String, List<String>> groups = new TreeMap<>();
    for (String name : names) {
      String lead = lead(name);
      if (!lead.isEmpty() && !Names.isTemporary(name)) {
        groups.computeIfAbsent(lead, _ -> new ArrayList<>()).add(name);
      }
    }
    // An index alone is another file that ends so.
    groups
        .entrySet()
        .removeIf(group ->
            group.getValue().size() == 1
                && !Names.isSingleFile(group.getValue().getFirst())
                && isIndex(group.getValue().getFirst()));
    return groups;
  }

  private static boolean isIndex(String name) {
    return TensorFlow.INDEX.matcher(name).matches() || ShardedModel.INDEX.matcher(name).matches();
  }

  /// Empty where the file is part of no checkpoint.
  private static String lead(String name) {
    Matcher data = TensorFlow.DATA.matcher(name);
    if (data.matches()) {
      return data.group(1) + ".index";
    }
    Matcher shard = ShardedModel.SHARD.matcher(name);
    if (shard.matches() && Names.isModelPart(name)) {
      return shard.group(1) + shard.group(4) + ".index.json";
    }
    return isIndex(name) || Names.isSingleFile(name) ? name : "";
  }
}
