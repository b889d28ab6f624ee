package dev.salvor.controller.verify;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitCheck;
import dev.salvor.common.checkpoint.UnitInspection;
import java.io.IOException;
import java.nio.file.Path;

/// Proves a unit where it lies: roster, digests, formats, framework rule, pickle imports; nothing
/// of it is executed.
public final class Verifier {
  /// Throws only where the disk fails; a unit that is not whole is a verdict.
  public Verification verify(Unit unit, Path data) throws IOException {
    UnitInspection found = UnitCheck.check(unit, data);
    return new Verification(found.verdict(), found.checks(), found.imports(), found.reasons());
  }
}
