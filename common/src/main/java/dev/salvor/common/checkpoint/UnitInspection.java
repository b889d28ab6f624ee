package dev.salvor.common.checkpoint;

import dev.salvor.common.format.Verdict;
import java.util.List;

/// What checking every file of a unit against its manifest came to.
///
/// @param checks what was done, in words for the receipt
public record UnitInspection(
    Verdict verdict, List<String> checks, List<String> imports, List<String> reasons) {
  public UnitInspection {
    checks = List.copyOf(checks);
    imports = List.copyOf(imports);
    reasons = List.copyOf(reasons);
  }
}
