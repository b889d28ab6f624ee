package dev.salvor.common.telemetry.cuda;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What instructions a card understands, as 8.9.
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
  private static final Pattern DOTTED = Pattern.compile("([0-9]{1,2})\\.([0-9])");

  /// "sm_90", "compute_120": the last digit is the minor one.
  private static final Pattern JOINED = Pattern.compile("([0-9]{1,2})([0-9])");

  /// By what cards are called, where nobody can be asked: the first word that a name contains
  /// counts. Of dstack's gpuhunt (constraints.py) and NVIDIA's list
  /// (developer.nvidia.com/cuda-gpus).
  private static final List<Map.Entry<String, ComputeCapability>> NAMES =
      List.of(
          entry("gb10", 12, 1),
          entry("b300", 10, 3),
          entry("b200", 10, 0),
          entry("b100", 10, 0),
          entry("rtx 50", 12, 0),
          entry("rtx50", 12, 0),
          entry("blackwell", 12, 0),
          entry("h100", 9, 0),
          entry("h200", 9, 0),
          entry("gh200", 9, 0),
          entry("h800", 9, 0),
          entry("h20", 9, 0),
          entry("l40", 8, 9),
          entry("l4", 8, 9),
          entry("rtx 40", 8, 9),
          entry("rtx40", 8, 9),
          entry(" ada", 8, 9),
          entry("a100", 8, 0),
          entry("a800", 8, 0),
          entry("a30", 8, 0),
          entry("a10", 8, 6),
          entry("a16", 8, 6),
          entry("a40", 8, 6),
          entry("rtx a", 8, 6),
          entry("rtx 30", 8, 6),
          entry("rtx30", 8, 6),
          entry("t4", 7, 5),
          entry("rtx 20", 7, 5),
          entry("gtx 16", 7, 5),
          entry("quadro rtx", 7, 5),
          entry("titan rtx", 7, 5),
          entry("v100", 7, 0),
          entry("titan v", 7, 0),
          entry("p100", 6, 0),
          entry("gtx 10", 6, 1),
          entry("p40", 6, 1),
          entry("p4", 6, 1));

  private static Map.Entry<String, ComputeCapability> entry(String name, int major, int minor) {
    return Map.entry(name, new ComputeCapability(major, minor));
  }

  /// Of "8.9", "89", "sm_89", "compute_120", "sm_90a"; empty for anything else.
  public static Optional<ComputeCapability> of(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT).replaceFirst("^(?:sm|compute)_", "");
    String bare = word.replaceFirst("[af]$", "");
    Matcher dotted = DOTTED.matcher(bare);
    Matcher form = dotted.matches() ? dotted : JOINED.matcher(bare);
    return form.matches()
        ? Optional.of(
            new ComputeCapability(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
        : Optional.empty();
  }

  /// By a card's name; empty for one that is not known.
  public static Optional<ComputeCapability> ofCard(String name) {
    String small = name.toLowerCase(Locale.ROOT);
    return NAMES.stream()
        .filter(one -> small.contains(one.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /// As platforms write it: 890 for 8.9.
  public int hundreds() {
    return major * 100 + minor * 10;
  }

  @Override
  public int compareTo(ComputeCapability other) {
    return Integer.compare(hundreds(), other.hundreds());
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
