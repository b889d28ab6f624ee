package dev.salvor.controller.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.controller.core.BentFold;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Permit;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.rule.BentRules;
import dev.salvor.controller.sim.Sim.Result;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The simulation can see: with one guard taken away, some seed of the first thousand fails, and
/// for the right reason. The worlds are the usual ones where no fault is named.
class GuardsTest {
  private static final long SEEDS = 1_000;
  private static final long AT_ONCE = 8;
  private static final Cast USUAL = Cast.USUAL;

  /// A guard whose failure is rare takes minutes of seeds on a busy machine.
  private static void rare() {
    Assumptions.assumeTrue(Boolean.getBoolean("salvor.full"), "only in the full check");
  }

  @Test
  void a_permit_that_is_good_for_any_boot_and_position_is_seen() {
    rare();
    seen(USUAL.with(Unscoped::new), "1: erases by a permit that no longer holds");
  }

  @Test
  void a_destroy_that_is_not_rechecked_is_seen() {
    seen(USUAL.with(Unchecked::new), "1: ");
  }

  @Test
  void a_box_that_is_not_stopped_before_the_next_is_rented_is_seen() {
    rare();
    seen(USUAL.with(Unfenced::new), "4: two boxes");
  }

  @Test
  void a_box_that_starts_its_job_without_a_word_is_seen() {
    Mix mix = Mix.usual().always(FaultKind.OLD_RETURNS);
    seen(USUAL.with(new Cast.Habits(true, 2, true)), mix, "4: ");
  }

  @Test
  void a_creation_that_is_not_reconciled_is_seen() {
    rare();
    seen(USUAL.with(Unreconciled::new), "4: given up as never rented");
  }

  @Test
  void acting_on_what_is_unknown_is_seen() {
    rare();
    seen(USUAL.with(BentFold.unknownIsLost(USUAL.core())), "8: ");
  }

  @Test
  void a_frontier_that_leaves_its_lineage_is_seen() {
    rare();
    seen(USUAL.with(BentFold.anyLineage(USUAL.core())), "3: the frontier leaves the line");
  }

  @Test
  void a_budget_that_nothing_ends_at_is_seen() {
    rare();
    seen(USUAL.with(BentRules.withoutBudget()), "7: ");
  }

  @Test
  void a_lease_that_never_lapses_is_seen() {
    rare();
    seen(USUAL.with(new Cast.Habits(false, 2, false)), "7: nothing bounds what");
  }

  @Test
  void tries_without_a_pause_are_seen() {
    rare();
    seen(USUAL.with(BentFold.noRest(USUAL.core())), "6: ");
  }

  @Test
  void taking_our_own_silence_for_theirs_is_seen() {
    rare();
    seen(USUAL.with(BentFold.silenceIsTheirs(USUAL.core())), "8: called");
  }

  @Test
  void pins_without_a_limit_are_seen() {
    rare();
    seen(USUAL.with(new Cast.Habits(false, 0, true)), "our pins fill");
  }

  @Test
  void a_receipt_for_what_never_landed_is_seen() {
    seen(USUAL.with(Unlanded::new), "2: ");
  }

  @Test
  void a_job_that_starts_before_its_directory_is_there_is_seen() {
    seen(USUAL.with(Unsynced::new), "starts the job on ");
  }

  @Test
  void a_unit_that_is_taken_away_without_a_second_look_is_seen() {
    seen(USUAL.with(Hasty::new), "1: takes ");
  }

  @Test
  void an_order_to_prune_without_a_second_look_is_seen() {
    seen(USUAL.with(Careless::new), "1: prunes ");
  }

  @Test
  void a_permit_to_prune_without_a_receipt_is_seen() {
    Cast unproven = USUAL.with(BentFold.provenAtSight(USUAL.core()));
    seen(unproven.with(Careless::new), "1: prunes what is not whole at home");
  }

  @Test
  void a_policy_for_the_log_without_a_bound_is_seen() {
    seen(USUAL.with(BentFold.policiesWithoutBound(USUAL.core())), "6: a policy");
  }

  @Test
  void taking_an_owners_work_for_our_own_is_seen() {
    rare();
    seen(USUAL.with(BentFold.ownersStop(USUAL.core())), "1: erases ");
  }

  private static void seen(Cast cast, String reason) {
    seen(cast, Mix.usual(), reason);
  }

  private static void seen(Cast cast, Mix mix, String reason) {
    Optional<Result> first = Optional.empty();
    for (long from = 1; first.isEmpty() && from <= SEEDS; from += AT_ONCE) {
      first =
          LongStream.range(from, from + AT_ONCE)
              .parallel()
              .mapToObj(seed -> new Sim(seed, cast, Sim.plan(seed, mix)).play())
              .filter(r -> r.violation().startsWith(reason))
              .findFirst();
    }
    first.ifPresent(r -> System.out.println("seen at seed " + r.seed() + ": " + r.violation()));
    assertThat(first).isPresent();
  }

  /// A permit for a rental is good for whatever that rental is by now.
  private static final class Unscoped extends SimEffects {
    Unscoped(Sim sim) {
      super(sim);
    }

    @Override
    protected void recheck(Call call, Optional<RunState> now) {
      Optional<Permit> permit = now.map(s -> s.permits().get(call.id()));
      boolean granted =
          permit
              .map(p -> Permits.rule(now.orElseThrow(), p.terms().rental(), sim.station.now()))
              .filter(Permits.Ruling.Granted.class::isInstance)
              .isPresent();
      if (granted) {
        erase(call, permit.orElseThrow());
      } else {
        settle(call, retry("there is no permit"));
      }
    }
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

  /// Takes a unit away by the permit it was handed, whatever stays and however the world has moved.
  private static final class Hasty extends SimEffects {
    Hasty(Sim sim) {
      super(sim);
    }

    @Override
    protected void withdraw(Call call, Effect.Withdraw withdraw, RunState state) {
      UnitPermit permit = state.cargo().withdrawing().permits().get(call.id());
      world.in(
          world.between(10, 8_000),
          () -> {
            if (permit != null && live(call)) {
              withdraw(call, permit);
            }
          });
    }
  }

  /// Orders a checkpoint off its box by the permit it was handed, whatever became of its copy.
  private static final class Careless extends SimEffects {
    Careless(Sim sim) {
      super(sim);
    }

    @Override
    protected void prune(Call call, Effect.Prune prune, RunState state) {
      PrunePermit permit = state.cargo().pruning().permits().get(call.id());
      world.in(
          world.between(10, 8_000),
          () -> {
            if (permit != null && live(call)) {
              prune(call, permit);
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
  static final class Unlanded extends SimEffects {
    Unlanded(Sim sim) {
      super(sim);
    }

    @Override
    protected void land(SimBox box, Unit unit) {
      world.note("throws away " + unit.id());
    }
  }
}
