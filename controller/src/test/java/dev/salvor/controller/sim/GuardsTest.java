package dev.salvor.controller.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.sim.Sim.Result;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The simulation can see: with one guard taken away, some seed fails, and for the right reason.
class GuardsTest {
  private static final long SEEDS = 200;

  @Test
  void a_destroy_that_is_not_rechecked_is_seen() {
    assertThat(firstFailure(Unchecked::new, "1: ")).isPresent();
  }

  @Test
  void a_box_that_is_not_stopped_before_the_next_is_rented_is_seen() {
    assertThat(firstFailure(Unfenced::new, "4: two boxes")).isPresent();
  }

  @Test
  void a_creation_that_is_not_reconciled_is_seen() {
    assertThat(firstFailure(Unreconciled::new, "4: given up as never rented")).isPresent();
  }

  @Test
  void a_receipt_for_what_never_landed_is_seen() {
    assertThat(firstFailure(Unlanded::new, "2: ")).isPresent();
  }

  @Test
  void a_job_that_starts_before_its_directory_is_there_is_seen() {
    assertThat(firstFailure(Unsynced::new, "starts the job on ")).isPresent();
  }

  private static Optional<Result> firstFailure(Function<Sim, SimEffects> effects, String reason) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Result result = new Sim(seed, effects).play();
      if (result.violation().startsWith(reason)) {
        System.out.println("seen at seed " + seed + ": " + result.violation());
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  /// Destroys by the permit it was handed, however the world has moved since.
  private static final class Unchecked extends SimEffects {
    Unchecked(Sim sim) {
      super(sim);
    }

    @Override
    protected void destroy(Call call, Effect.Destroy destroy, RunState state) {
      Permit permit = state.permits().get(call.id());
      world.in(
          world.between(10, 8_000),
          () -> {
            if (permit != null && live(call)) {
              erase(call, permit);
            }
          });
    }
  }

  /// Says that it stopped a box, and so does the list; the box runs on.
  private static final class Unfenced extends SimEffects {
    Unfenced(Sim sim) {
      super(sim);
    }

    @Override
    protected void stop(Effect.Stop stop) {
      sim.market.box(stop.instance()).ifPresent(box -> box.feignsStopped = true);
    }
  }

  /// Takes a lost answer for a refusal.
  private static final class Unreconciled extends SimEffects {
    Unreconciled(Sim sim) {
      super(sim);
    }

    @Override
    protected Outcome unclear() {
      return new Outcome.Failed("no answer", false);
    }
  }

  /// Says that the user's directory is there, and brought nothing.
  private static final class Unsynced extends SimEffects {
    Unsynced(Sim sim) {
      super(sim);
    }

    @Override
    protected void bringTo(SimBox box) {
      world.note("brings nothing to " + box.instance);
    }
  }

  /// Signs a receipt for bytes that it threw away.
  private static final class Unlanded extends SimEffects {
    Unlanded(Sim sim) {
      super(sim);
    }

    @Override
    protected void land(SimBox box, Unit unit) {
      world.note("throws away " + unit.id());
    }
  }
}
