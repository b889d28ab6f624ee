package dev.salvor.common.framework;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What trainers' file names say: work in progress, a model, a step.
public final class Names {
  private static final List<String> TEMPORARY_ENDS =
      List.of(".tmp", ".temp", ".part", ".partial", ".incomplete", "~");
  private static final List<String> TORCH_FILES = List.of(".pt", ".pth", ".ckpt");
  private static final List<String> OTHER_FILES =
      List.of(".safetensors", ".gguf", ".npz", ".keras", ".h5");
  private static final List<String> OTHER_PARTS =
      List.of(".bin", ".distcp", ".index", "manifest.ocdbt", "saved_model.pb", ".msgpack", ".npy");

  /// What people call the one file that they write over and over.
  private static final Pattern REWRITTEN =
      Pattern.compile(
          "(?:.*[-_.])?(?:last|latest|best|newest|current|checkpoint|ckpt|resume|snapshot)"
              + "(?:[-_.].*)?");

  private static final Pattern SHARD = Pattern.compile(".*-[0-9]{5}-of-[0-9]{5}\\.[a-z]+");
  private static final Pattern STEP = Pattern.compile("step[-_=]?([0-9]{1,18})(?![0-9])");
  private static final Pattern COUNT =
      Pattern.compile("(?:checkpoint|ckpt|iter|epoch)[-_=]?([0-9]{1,18})(?![0-9])");
  private static final Pattern DIGITS = Pattern.compile("(?<![0-9])([0-9]{1,18})(?![0-9])");
  private static final Pattern DIRECTORY =
      Pattern.compile(
          "(?:.*[-_.=])?(?:global_step|step|checkpoint|ckpt|iter|epoch)[-_=]?[0-9]{1,18}"
              + "|[0-9]{1,18}");

  private Names() {}

  /// Whether a writer's own name for what it has not finished.
  public static boolean isTemporary(String name) {
    return name.startsWith(".")
        || name.startsWith("tmp-")
        || name.contains(".orbax-checkpoint-tmp")
        || hasTemporaryEnd(name);
  }

  public static boolean hasTemporaryEnd(String name) {
    return TEMPORARY_ENDS.stream().anyMatch(name::endsWith);
  }

  /// A temporary name's likely final one: without the dot, the prefix and the ending.
  public static String finalName(String temporary) {
    String name = temporary.startsWith(".") ? temporary.substring(1) : temporary;
    name = name.startsWith("tmp-") ? name.substring("tmp-".length()) : name;
    for (String end : TEMPORARY_ENDS) {
      if (name.endsWith(end)) {
        return name.substring(0, name.length() - end.length());
      }
    }
    return name;
  }

  /// Whether a file of this name can be a whole checkpoint by itself.
  public static boolean isSingleFile(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return (isTorch(lower) || ends(lower, OTHER_FILES)) && !SHARD.matcher(lower).matches();
  }

  /// Whether torch.save is given such names.
  static boolean isTorch(String name) {
    return ends(name.toLowerCase(Locale.ROOT), TORCH_FILES);
  }

  public static boolean isModelPart(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return isTorch(lower) || ends(lower, OTHER_FILES) || ends(lower, OTHER_PARTS);
  }

  /// Whether a file of this name is taken for a checkpoint while the job still runs: it names a
  /// step, or is the one that is written over and over.
  public static boolean isOngoing(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dot = lower.lastIndexOf('.');
    String stem = dot > 0 ? lower.substring(0, dot) : lower;
    return step(name).isPresent() || REWRITTEN.matcher(stem).matches();
  }

  private static boolean ends(String lower, List<String> ends) {
    return ends.stream().anyMatch(lower::endsWith);
  }

  /// Whether a directory of this name is one checkpoint.
  public static boolean isStepDirectory(String name) {
    return DIRECTORY.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /// "epoch=3-step=120.ckpt" is 120, "checkpoint-500" 500, "model_0042.pt" 42.
  public static OptionalLong step(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dot = lower.lastIndexOf('.');
    String stem = dot > 0 && isSingleFile(lower) ? lower.substring(0, dot) : lower;
    for (Pattern pattern : List.of(STEP, COUNT, DIGITS)) {
      OptionalLong last = OptionalLong.empty();
      for (Matcher match = pattern.matcher(stem); match.find(); ) {
        last = OptionalLong.of(Long.parseLong(match.group(1)));
      }
      if (last.isPresent()) {
        return last;
      }
    }
    return OptionalLong.empty();
  }
}
