package dev.salvor.controller.main;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.cargo.Prover;
import dev.salvor.controller.cargo.Staged;
import dev.salvor.controller.verify.Receipt;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Receipts;
import dev.salvor.controller.verify.UserCheck;
import dev.salvor.controller.verify.Verification;
import dev.salvor.controller.verify.Verifier;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Proves staged units and signs their receipts.
///
/// @param commands a run's own verify command, where its user gave one
record ReceiptProver(Verifier verifier, Commands commands, ReceiptKey key, InstantSource clock)
    implements Prover {

  /// Knows which command of its user must accept a run's copies too.
  interface Commands {
    /// Throws where that is not known now: what was not asked has not said yes.
    Optional<UserCheck> check(RunId run) throws IOException;
  }

  @Override
  public Proof prove(RunId run, Unit unit, Staged staged, String place) throws IOException {
    Verification found = verifier.verify(unit, staged.data(), staged.hashed(), commands.check(run));
    Verification told = staged.stored().isEmpty() ? found : found.also(staged.stored());
    if (!found.accepted()) {
      return new Proof.Disproven(found.verdict() + ": " + String.join("; ", found.reasons()));
    }
    String rental = run + ":" + unit.id().generation();
    String receipt =
        Receipts.write(new Receipt(run, rental, unit, place, told, clock.instant()), key);
    return new Proof.Proven(
        receipt, Stream.concat(found.reasons().stream(), imports(found)).toList());
  }

  private static Stream<String> imports(Verification found) {
    return found.imports().isEmpty()
        ? Stream.empty()
        : List.of("pickle imports: " + String.join(", ", found.imports())).stream();
  }
}
