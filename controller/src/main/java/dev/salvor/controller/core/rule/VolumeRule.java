package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A volume that bills and that no run uses is told of with its burn, and left alone; once its
/// owner has acknowledged it, its entry ends.
final class VolumeRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    long volume = s.spec().box().volume().id();
    if (!s.looksOn() || s.over() || volume == 0) {
      return Optional.empty();
    }
    String key = "volume-" + volume;
    return s.notice(key)
        .map(notice -> notice.acknowledged() ? Optional.of(end(now)) : Optional.<Decision>empty())
        .orElseGet(() -> Optional.of(tell(s, key, now)));
  }

  private static Decision end(Instant now) {
    String why = "its owner knows that it bills";
    return Decision.note(
        "volume",
        "the volume is its owner's to look after",
        why,
        new Fact.RunEnded(now, Fact.Ending.WOUND_DOWN, why));
  }

  private static Decision tell(RunState s, String key, Instant now) {
    String named = s.spec().job().command();
    String what =
        "No run here uses %s, and it bills until it is deleted: %s".formatted(named, price(s));
    String next =
        "Nothing is done about it. 'salvor volumes' lists it; delete it at the platform when"
            + " nothing on it is wanted.";
    return Decision.note(
            "volume",
            "say that a volume bills",
            "no run here uses " + named,
            new Fact.Announced(now, key, what, next))
        .resting(List.of("the account's list of volumes", "price: " + price(s)));
  }

  private static String price(RunState s) {
    UsdPerHour burn = s.learned().standing().burn();
    return burn.micros() == 0
        ? "at what price the platform's list does not say"
        : "%s (%s a day)".formatted(burn, burn.over(Duration.ofDays(1)));
  }
}
