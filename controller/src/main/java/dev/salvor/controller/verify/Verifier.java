package dev.salvor.controller.verify;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitCheck;
import dev.salvor.common.checkpoint.UnitInspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Proves a unit where it lies: roster, digests, formats, layouts, framework rule, pickle imports;
/// nothing of it is executed. A command of the user's may have the last word.
public final class Verifier {
  /// Throws only where the disk fails; a unit that is not whole is a verdict.
  public Verification verify(Unit unit, Path data) throws IOException {
    return verify(unit, data, false, Optional.empty());
  }

  /// The command is asked only about what everything else accepts: it may well load what it is
  /// given.
  ///
  /// @param hashed the files were hashed as they were written there
  public Verification verify(Unit unit, Path data, boolean hashed, Optional<UserCheck> command)
      throws IOException {
    UnitInspection found = hashed ? UnitCheck.checkHashed(unit, data) : UnitCheck.check(unit, data);
    Verification proof =
        new Verification(found.verdict(), found.checks(), found.imports(), found.reasons());
    return command.isPresent() && proof.accepted() ? asked(proof, data, command.get()) : proof;
  }

  private static Verification asked(Verification proof, Path data, UserCheck command)
      throws IOException {
    List<String> checks = new ArrayList<>(proof.checks());
    checks.add("user-command");
    Optional<String> refusal = UserCommand.refusal(command, data);
    List<String> reasons = new ArrayList<>(proof.reasons());
    refusal.ifPresent(reason -> reasons.add(0, reason));
    Verdict verdict =
        refusal.isPresent() ? proof.verdict().worst(Verdict.REJECT_CORRUPT) : proof.verdict();
    return new Verification(verdict, checks, proof.imports(), reasons);
  }
}
