package dev.salvor.controller.verify;

import dev.salvor.common.format.Verdict;
import java.util.List;
import java.util.stream.Stream;

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

  /// With one more check.
  public Verification also(String check) {
    return new Verification(
        verdict, Stream.concat(checks.stream(), Stream.of(check)).toList(), imports, reasons);
  }

  public boolean accepted() {
    return verdict.accepted();
  }
}
