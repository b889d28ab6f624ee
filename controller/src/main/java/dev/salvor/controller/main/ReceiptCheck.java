package dev.salvor.controller.main;

import dev.salvor.controller.cli.Exit;
import dev.salvor.controller.cli.Failure;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Receipts;
import java.io.IOException;
import java.nio.file.Path;

/// Checks a stored receipt by a public key alone, for the command line.
final class ReceiptCheck {
  private ReceiptCheck() {}

  static Wiring.Checked check(Path receipt, Path key) throws Failure {
    try {
      return switch (Receipts.verify(receipt, ReceiptKey.readPublic(key))) {
        case Receipts.Check.Valid v -> new Wiring.Checked.Valid(v.unit(), v.step(), v.files());
        case Receipts.Check.Refused(String reason) -> new Wiring.Checked.Refused(reason);
      };
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT, "Cannot verify %s: %s".formatted(receipt, e.getMessage()), e);
    }
  }
}
