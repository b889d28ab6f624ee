package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import java.time.Instant;

/// The only thing that lets anything be erased: one rental, at one boot and catalog position, once,
/// until it expires.
///
/// Its constructor is package-private: nothing outside the core can make one, and the core makes
/// one only in `Permits`.
public final class Permit {
  private final Terms terms;

  Permit(Terms terms) {
    this.terms = terms;
  }

  /// What it permits, in plain data.
  public Terms terms() {
    return terms;
  }

  public InstanceId instance() {
    return terms.instance();
  }

  /// Two permits for the same terms are the same permit: replay makes it anew.
  @Override
  public boolean equals(Object other) {
    return other instanceof Permit permit && terms.equals(permit.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    return "permit for instance %s (rental %s, boot %d, position %d, %s)"
        .formatted(
            terms.instance(), terms.rental(), terms.boot(), terms.position(), terms.ground());
  }

  /// What a permit covers. Plain data that anybody may hold; it permits nothing by itself.
  ///
  /// @param boot the newest boot known when it was granted; 0 if the box never spoke
  /// @param position catalog position up to which everything complete is safe
  /// @param expires after this, a new one must be asked for
  public record Terms(
      RentalRef rental,
      InstanceId instance,
      int boot,
      long position,
      Ground ground,
      String why,
      Instant expires) {}

  /// The three ways to a permit.
  public enum Ground {
    RECEIPTS,
    NOTHING_TO_LOSE,
    ABANDONED
  }
}
