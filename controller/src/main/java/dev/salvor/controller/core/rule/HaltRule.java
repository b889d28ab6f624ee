package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Told to halt: every box is stopped at once, its disk kept.
final class HaltRule implements Rule {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public Optional<Decision> decide(RunState s, Policy policy, Instant now) {
    if (!Situation.halted(s)) {
      return Optional.empty();
    }
    return s.rentals().values().stream()
        .filter(r -> r.held() && !r.stoppedForGood() && !r.marks().eraseAccepted())
        .filter(r -> !FenceRule.unreachable(r) && !stopping(s, r) && Situation.rested(r, now))
        .findFirst()
        .map(r -> {
          Hold.Held held = (Hold.Held) r.hold();
          return Decision.act(
              "halt",
              "stop instance " + held.instance(),
              "the user said stop at once",
              new Effect.Stop(r.ref(), held.instance()),
              PATIENCE);
        });
  }

  private static boolean stopping(RunState s, Rental r) {
    return s.opened(Effect.Stop.class).stream().anyMatch(stop -> stop.rental().equals(r.ref()));
  }
}
