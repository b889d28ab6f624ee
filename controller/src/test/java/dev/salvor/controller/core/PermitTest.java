package dev.salvor.controller.core;

import static dev.salvor.controller.core.Story.ONE;
import static dev.salvor.controller.core.Story.TWO;
import static dev.salvor.controller.core.Story.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.UnitId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Replay makes a permit anew: it must be the same, and nothing else may be.
class PermitTest {
  private static final UnitId UNIT = checkpoint(ONE, 1, 1, 100).id();
  private static final UnitId NEWER = checkpoint(ONE, 1, 2, 200).id();

  @Test
  void permits_for_the_same_terms_are_the_same() {
    Permit permit = new Permit(terms(ONE, 1));
    assertThat(permit).isEqualTo(new Permit(terms(ONE, 1))).hasSameHashCodeAs(terms(ONE, 1));
    assertThat(permit).isNotEqualTo(new Permit(terms(ONE, 2)));
    assertThat(permit).isNotEqualTo(new Permit(terms(TWO, 1)));
    assertThat(permit.equals((Object) terms(ONE, 1))).isFalse();
    assertThat(permit.instance()).isEqualTo(Story.instance(ONE));
    assertThat(permit)
        .hasToString(
            "permit for instance %s (rental 1.1, boot 1, position 7, RECEIPTS)"
                .formatted(Story.instance(ONE)));
  }

  private static Permit.Terms terms(RentalRef ref, int boot) {
    return new Permit.Terms(
        ref, Story.instance(ref), boot, 7, Permit.Ground.RECEIPTS, "home", Story.BEGIN);
  }

  @Test
  void permits_for_units_are_the_same_by_their_terms_too() {
    UnitPermit permit = new UnitPermit(terms(UNIT));
    assertThat(permit).isEqualTo(new UnitPermit(terms(UNIT))).hasSameHashCodeAs(terms(UNIT));
    assertThat(permit).isNotEqualTo(new UnitPermit(terms(NEWER)));
    assertThat(permit.equals((Object) terms(UNIT))).isFalse();
    assertThat(permit).hasToString("permit for unit %s, while [%s] stay".formatted(UNIT, NEWER));
  }

  @Test
  void no_unit_goes_where_none_stays_in_its_place() {
    assertThatThrownBy(() -> new UnitPermit.Terms(UNIT, List.of(), Story.BEGIN))
        .hasMessageContaining("Another unit stays in the place of " + UNIT);
  }

  private static UnitPermit.Terms terms(UnitId unit) {
    return new UnitPermit.Terms(unit, List.of(NEWER), Story.BEGIN);
  }
}
