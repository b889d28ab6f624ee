package dev.salvor.controller.bench;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.cargo.CargoException;
import dev.salvor.controller.cargo.Landing;
import dev.salvor.controller.cargo.Prover;
import dev.salvor.controller.cargo.Staging;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.intake.CargoDesk;
import dev.salvor.controller.intake.DeskException;
import dev.salvor.controller.verify.Receipt;
import dev.salvor.controller.verify.ReceiptKey;
import dev.salvor.controller.verify.Receipts;
import dev.salvor.controller.verify.Verification;
import dev.salvor.controller.verify.Verifier;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The product's staging, proof and receipts behind an intake, without a controller that decides.
///
/// @param thrifty bytes have a price
record StagingDesk(Staging staging, boolean thrifty) implements CargoDesk {

  /// Proves and signs as the controller does.
  static Prover prover(ReceiptKey key, InstantSource clock) {
    Verifier verifier = new Verifier();
    return (run, unit, staged, place) -> {
      Verification found = verifier.verify(unit, staged.data(), staged.hashed(), Optional.empty());
      return found.accepted()
          ? new Prover.Proof.Proven(
              Receipts.write(
                  new Receipt(run, run.value(), unit, place, found, clock.instant()), key),
              List.of())
          : new Prover.Proof.Disproven(String.join("; ", found.reasons()));
    };
  }

  @Override
  public Copy open(Caller caller, Unit unit, int blockSize) throws DeskException {
    try {
      return new Incoming(staging.open(caller.run(), unit, blockSize), thrifty);
    } catch (CargoException e) {
      throw refused(e);
    }
  }

  @Override
  public Restoring restore(Caller caller, UnitId unit) throws DeskException {
    throw new DeskException(DeskException.Kind.MISSING, "This bench gives no cargo");
  }

  private static DeskException refused(CargoException e) {
    return new DeskException(DeskException.Kind.BROKEN, String.valueOf(e.getMessage()), e);
  }

  /// One copy on its way in.
  private record Incoming(dev.salvor.controller.cargo.Copy copy, boolean thrifty) implements Copy {
    @Override
    public List<HeldBlock> held() {
      return copy.held().stream().map(b -> new HeldBlock(b.file(), b.index(), b.print())).toList();
    }

    @Override
    public boolean thrifty() {
      return thrifty;
    }

    @Override
    public Optional<Unit> base() {
      return copy.base();
    }

    @Override
    public void accept(CargoBlock block) throws DeskException {
      try {
        if (block.form().packed()) {
          copy.acceptPacked(block.file(), block.index(), block.data(), block.form().basePrint());
        } else {
          copy.accept(block.file(), block.index(), block.data());
        }
      } catch (CargoException e) {
        throw refused(e);
      }
    }

    @Override
    public Settlement close() throws DeskException {
      try (copy) {
        return switch (copy.settle()) {
          case Landing.Landed landed -> new Settlement(true, landed.place(), false);
          case Landing.Again(String reason) -> new Settlement(false, reason, true);
          case Landing.Refused(String reason) -> new Settlement(false, reason, false);
        };
      } catch (CargoException e) {
        throw refused(e);
      }
    }

    @Override
    public void breakOff() {
      copy.close();
    }
  }
}
