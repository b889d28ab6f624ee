package dev.salvor.common.format;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a file or a directory turned out to be, without anything of it having been executed.
///
/// @param format the format its content was read as: "safetensors", "pytorch-zip", "json", "other"
/// @param step the training step it says it is of
/// @param tensors how many tensors it describes; 0 where the format has none or is not looked into
/// @param imports what its pickles would import, as "module.name", sorted
/// @param reasons why the verdict is not a plain ACCEPT, worst first or in order of finding, then
///   what else a person should know
public record Inspection(
    Verdict verdict,
    String format,
    OptionalLong step,
    long tensors,
    List<String> imports,
    List<String> reasons) {
  /// A hostile file may have any number of reasons; a person reads a few.
  private static final int MAX_REASONS = 100;

  public Inspection {
    imports = List.copyOf(imports);
    reasons =
        reasons.size() > MAX_REASONS
            ? List.copyOf(reasons.subList(0, MAX_REASONS))
            : List.copyOf(reasons);
  }

  public static Inspection of(Verdict verdict, String format, String reason) {
    return of(verdict, format, 0, List.of(reason));
  }

  public static Inspection of(Verdict verdict, String format, long tensors, List<String> reasons) {
    return new Inspection(verdict, format, OptionalLong.empty(), tensors, List.of(), reasons);
  }

  public static Inspection accepted(String format) {
    return of(Verdict.ACCEPT, format, 0, List.of());
  }

  /// The same with one more thing to know, and a verdict no better than this one.
  public Inspection and(Verdict other, String reason) {
    List<String> more = new ArrayList<>(reasons);
    more.add(reason);
    return new Inspection(verdict.worst(other), format, step, tensors, imports, more);
  }
}
