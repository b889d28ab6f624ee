package dev.salvor.common.unit;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How the tasks of a list are told apart, on whatever box and by whoever looks: by the digest of
/// their text.
public final class TaskDigests {
  private TaskDigests() {}

  /// Text by digest in hex, in order. The same text again is another task: its number goes into its
  /// digest.
  public static Map<String, String> of(List<String> texts) {
    Map<String, String> digests = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String text : texts) {
      int times = seen.merge(text, 1, Integer::sum);
      String counted = times == 1 ? text : text + "\0" + times;
      digests.put(Sha256.of(counted.getBytes(StandardCharsets.UTF_8)).hex(), text);
    }
    return digests;
  }
}
