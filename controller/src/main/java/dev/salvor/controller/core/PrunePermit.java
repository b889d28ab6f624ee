package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import java.time.Instant;
import java.util.List;

/// The only thing that lets a receipted checkpoint be removed from a box's disk: this one, by this
/// boot, once, until it expires, and only while newer ones of its series lie beside it.
///
/// Its constructor is package-private: the core makes one only in `Prunings`.
public final class PrunePermit {
  private final Terms terms;

  PrunePermit(Terms terms) {
    this.terms = terms;
  }

  /// What it permits, in plain data.
  public Terms terms() {
    return terms;
  }

  /// Two permits for the same terms are the same permit: replay makes it anew.
  @Override
  public boolean equals(Object other) {
    return other instanceof PrunePermit permit && terms.equals(permit.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    return "permit for unit %s on rental %s, boot %d, while %s stay"
        .formatted(terms.unit(), terms.rental(), terms.boot(), terms.stays());
  }

  /// What a permit covers. Plain data that anybody may hold; it permits nothing by itself.
  ///
  /// @param stays the newest of its series on that box: it goes only while each of them lies there
  /// @param expires after this, a new one must be asked for
  public record Terms(
      RentalRef rental, int boot, UnitId unit, List<UnitId> stays, Instant expires) {
    public Terms {
      stays = List.copyOf(stays);
      if (stays.isEmpty()) {
        throw new IllegalArgumentException("Another unit stays in the place of " + unit);
      }
    }
  }
}
