package dev.salvor.controller.verify;

import dev.salvor.common.format.Verdict;
import java.util.List;

/// What proving a unit came to.
///
/// @param checks what was checked, in the words of a receipt
/// @param imports what pickles of the unit would import
/// @param reasons what was found, worst first where it was refused
public record Verification(
    Verdict verdict, List<String> checks, List<String> imports, List<String> reasons) {
  public Verification {
    checks = List.copyOf(checks);
    imports = List.copyOf(imports);
    reasons = List.copyOf(reasons);
  }

  public boolean accepted() {
    return verdict.accepted();
  }
}
