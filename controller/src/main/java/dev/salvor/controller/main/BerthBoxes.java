package dev.salvor.controller.main;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.telemetry.cuda.CudaRelease;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.rule.Cadence;
import dev.salvor.controller.effect.Boxes;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Tells boxes through the intake's live streams. The intake needs the loop, and the loop's effects
/// need the intake: so it is asked for only when it is used.
///
/// @param promised whether boxes have the GPUs and disks that their offers name; a sandbox's do not
record BerthBoxes(
    Supplier<Berths> berths, SecretBook secrets, InstantSource clock, boolean promised)
    implements Boxes {
  private static final long GB = 1_000_000_000L;

  /// How often a checkpoint pays, by what was seen of this run, for a job that cares to look.
  private static final String EVERY = "SALVOR_CHECKPOINT_SECONDS";

  @Override
  public Outcome tell(RunId run, long id, Effect.Tell tell, RunState state) {
    Berths.Berth berth = new Berths.Berth(new Caller(run, tell.rental()), tell.boot());
    RunSpec.Job job = advised(state, tell.rental());
    try {
      Berths.Papers papers =
          new Berths.Papers(
              job,
              state.tasksDone().keySet(),
              starts(tell) ? known(run, job) : Map.of(),
              starts(tell) ? gate(state, tell) : Optional.empty());
      return berths.get().tell(berth, id, tell.order(), papers);
    } catch (IOException e) {
      return new Outcome.Failed("Cannot start the job: " + e.getMessage(), true);
    }
  }

  private Optional<Berths.Gate> gate(RunState state, Effect.Tell tell) {
    RunSpec spec = state.spec();
    long needed = needed(state.cargo(), tell.order(), spec.market().sizes().checkpoint());
    String cuda = CudaRelease.ofImage(spec.market().image()).map(CudaRelease::toString).orElse("");
    // What somebody else runs there is his business.
    return Optional.ofNullable(state.rentals().get(tell.rental()))
        .filter(_ -> !spec.job().looksAfter())
        .map(rental ->
            promised
                ? new Berths.Gate(
                    spec.box().gate(),
                    rental.offer().gpus(),
                    rental.offer().gpu(),
                    cuda,
                    rental.aboard().fit().foreign() ? 0 : spec.market().diskGb() * GB,
                    needed)
                : new Berths.Gate(spec.box().gate(), 0, "", cuda, 0, needed));
  }

  /// What is brought to the box, and the next one: the job writes it before it deletes the last.
  ///
  /// @param said how large a checkpoint is by the spec; 0 where it does not say
  private static long needed(Cargo cargo, AgentOrder order, long said) {
    if (!(order instanceof AgentOrder.ProceedFrom from)) {
      return said;
    }
    long brought = bytes(cargo, from.unit());
    long also = from.also().stream().mapToLong(id -> bytes(cargo, id)).sum();
    return also + brought + Math.max(brought, said);
  }

  private static long bytes(Cargo cargo, UnitId id) {
    return Optional.ofNullable(cargo.units().get(id))
        .map(stowed -> stowed.unit().manifest().bytes())
        .orElse(0L);
  }

  private RunSpec.Job advised(RunState state, RentalRef ref) {
    RunSpec.Job job = state.spec().job();
    return Optional.ofNullable(state.rentals().get(ref))
        .flatMap(rental -> Cadence.of(state, rental, clock.instant()))
        .map(cadence -> job.with(EVERY, Long.toString(cadence.wanted().toSeconds())))
        .orElse(job);
  }

  private Map<String, Secret> known(RunId run, RunSpec.Job job) throws IOException {
    return secrets.of(run, job.care().secrets());
  }

  private static boolean starts(Effect.Tell tell) {
    return switch (tell.order()) {
      case AgentOrder.Proceed _, AgentOrder.ProceedFrom _ -> true;
      case AgentOrder.Quiesce _,
          AgentOrder.StopJob _,
          AgentOrder.StopHung _,
          AgentOrder.AskCheckpoint _,
          AgentOrder.Fence _ ->
          false;
    };
  }

  @Override
  public Outcome prune(RunId run, long id, PrunePermit permit) {
    return berths.get().prune(run, id, permit);
  }

  @Override
  public Outcome carryOut(RunId run, RentalRef rental, long id, Unit unit) {
    return berths.get().carryOut(new Caller(run, rental), id, unit);
  }
}
