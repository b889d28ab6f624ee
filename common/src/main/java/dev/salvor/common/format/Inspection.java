package dev.salvor.common.format;

import java.util.List;

/// What one file turned out to be, without anything of it having been executed.
///
/// @param format the format its content was read as: "safetensors", "pytorch-zip", "json", "other"
/// @param tensors how many tensors it describes; 0 where the format has none or is not looked into
/// @param imports what its pickles would import, as "module.name", sorted
/// @param reasons why the verdict is not a plain ACCEPT, worst first or in order of finding
public record Inspection(
    Verdict verdict, String format, long tensors, List<String> imports, List<String> reasons) {
  public Inspection {
    imports = List.copyOf(imports);
    reasons = List.copyOf(reasons);
  }

  static Inspection of(Verdict verdict, String format, String reason) {
    return new Inspection(verdict, format, 0, List.of(), List.of(reason));
  }
}
