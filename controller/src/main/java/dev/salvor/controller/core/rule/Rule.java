package dev.salvor.controller.core.rule;

import dev.salvor.controller.core.Decision;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.RunState;
import java.time.Instant;
import java.util.Optional;

/// One rule: looks at a run and says the next thing to do, or nothing. Pure.
interface Rule {
  Optional<Decision> decide(RunState s, Policy policy, Instant now);
}
