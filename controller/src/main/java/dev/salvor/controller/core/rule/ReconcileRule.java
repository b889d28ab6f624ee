package dev.salvor.controller.core.rule;

import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where the provider's bill and our meter are far apart, both are shown: one of them is wrong.
final class ReconcileRule implements Rule {
  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    return s.learned().standing().charged().values().stream()
        .filter(f -> f.apart() && !s.announced("bill-" + f.rental()))
        .findFirst()
        .map(f -> tell(s, f, now));
  }

  private static Decision tell(RunState s, Fact.Charged f, Instant now) {
    boolean more = f.charged().compareTo(f.metered()) > 0;
    Usd apart = more ? f.charged().minus(f.metered()) : f.metered().minus(f.charged());
    String what =
        "The provider has charged %s for rental %s where our meter shows %s: %s %s"
            .formatted(f.charged(), f.rental(), f.metered(), apart, more ? "more" : "less");
    return Decision.note(
            "bill",
            "say that the bill and the meter differ",
            what,
            new Fact.Announced(
                now,
                "bill-" + f.rental(),
                what,
                "The bill counts. Bytes, taxes and rounding are where it differs most; look at the platform's billing page. The budget of run %s goes by our meter."
                    .formatted(s.spec().run())))
        .resting(List.of("charged " + f.charged(), "metered " + f.metered()));
  }
}
