package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Erases a rental: only with the permit that its intent left in the state, only while the target
/// still holds what the permit rests on, and only if no later fact speaks against it.
final class Destroying {
  private final Provider provider;
  private final Home home;
  private final Asking asking;
  private final InstantSource clock;

  Destroying(Provider provider, Home home, Asking asking, InstantSource clock) {
    this.provider = provider;
    this.home = home;
    this.asking = asking;
    this.clock = clock;
  }

  Outcome run(RunId run, long id, Effect.Destroy destroy, RunState state) {
    Permit permit = state.permits().get(id);
    if (permit == null) {
      return new Outcome.Failed("no permit was granted for " + destroy.terms(), true);
    }
    Optional<String> missing = missing(run, destroy, state);
    if (missing.isPresent()) {
      return new Outcome.Failed(missing.get(), true);
    }
    // Last of all, so that as little as possible can happen between the answer and the call.
    Optional<RunState> now = asking.ask(run);
    if (now.isEmpty()) {
      return new Outcome.Failed("the permit could not be checked again", true);
    }
    Permit present = now.get().permits().get(id);
    if (present == null || !present.equals(permit)) {
      return new Outcome.Failed("the permit was used or given up meanwhile", true);
    }
    return switch (Permits.recheck(permit, now.get(), clock.instant())) {
      case Permits.Ruling.Refused refused ->
          new Outcome.Failed(
              "the permit no longer holds: " + String.join("; ", refused.reasons()), true);
      case Permits.Ruling.Granted _ -> call(permit);
    };
  }

  private Outcome call(Permit permit) {
    try {
      provider.destroy(permit);
      return new Outcome.Done();
    } catch (ProviderException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  /// Units of the rental that have a receipt but whose bytes are no longer where it says.
  private Optional<String> missing(RunId run, Effect.Destroy destroy, RunState state) {
    if (destroy.terms().ground() == Permit.Ground.ABANDONED) {
      return Optional.empty();
    }
    List<Cargo.Stowed> proven =
        state
            .cargo()
            .on(destroy.terms().rental())
            .filter(s -> s.proof() instanceof Cargo.Proof.Proven)
            .filter(s -> !state.cargo().replaced(s))
            .toList();
    return proven.stream()
        .filter(s -> !home.stillThere(run, s.unit()))
        .findFirst()
        .map(s -> "the target no longer holds " + s.unit().id() + " as its receipt says");
  }
}
