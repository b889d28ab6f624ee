package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.StillDisk;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import java.util.ArrayList;
import java.util.List;

/// What of a fetched disk has no receipt yet.
public final class Salvaged {
  private Salvaged() {}

  /// One unit to land.
  ///
  /// @param isNew whether the box had said nothing of it
  public record Piece(Unit unit, StillDisk.Found found, boolean isNew) {}

  /// The same bytes may have been told under several names, one a boot. Each name needs a receipt
  /// of its own: one without would be waited for.
  ///
  /// @param known what the rental was seen to hold
  public static List<Piece> of(
      Rental rental, List<Cargo.Stowed> known, List<StillDisk.Found> found) {
    List<Piece> pieces = new ArrayList<>();
    int boot = Math.max(1, rental.aboard().boot());
    long seq = known.stream().mapToLong(s -> s.unit().id().captureSeq()).max().orElse(0);
    for (StillDisk.Found each : found) {
      List<Cargo.Stowed> named = known.stream().filter(s -> each.is(s.unit())).toList();
      named.stream()
          .filter(s -> s.proof() instanceof Cargo.Proof.None)
          .forEach(s -> pieces.add(new Piece(s.unit(), each, false)));
      if (named.isEmpty()) {
        seq++;
        UnitId id = new UnitId(rental.ref().generation(), boot, seq, each.manifest().digest());
        pieces.add(new Piece(each.unit(id), each, true));
      }
    }
    return pieces;
  }
}
