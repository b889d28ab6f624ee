package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import java.time.Instant;
import java.util.List;

/// The only thing that lets a receipted unit be taken from where it is kept: this one, once, until
/// it expires, and only while what stays in its place is there.
///
/// Its constructor is package-private: the core makes one only in `Withdrawals`.
public final class UnitPermit {
  private final Terms terms;

  UnitPermit(Terms terms) {
    this.terms = terms;
  }

  /// What it permits, in plain data.
  public Terms terms() {
    return terms;
  }

  /// Two permits for the same terms are the same permit: replay makes it anew.
  @Override
  public boolean equals(Object other) {
    return other instanceof UnitPermit permit && terms.equals(permit.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    return "permit for unit %s, while %s stay".formatted(terms.unit(), terms.stays());
  }

  /// What a permit covers. Plain data that anybody may hold; it permits nothing by itself.
  ///
  /// @param stays the newest of its series, and the frontier: their bytes must be there when it
  ///   goes
  /// @param expires after this, a new one must be asked for
  public record Terms(UnitId unit, List<UnitId> stays, Instant expires) {
    public Terms {
      stays = List.copyOf(stays);
      if (stays.isEmpty()) {
        throw new IllegalArgumentException("Another unit stays in the place of " + unit);
      }
    }
  }
}
