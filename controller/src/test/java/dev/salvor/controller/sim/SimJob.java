package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.sim.Disk.Saved;

/// The training process on a box: steps, a checkpoint every few, a result at its end. It resumes
/// from the newest checkpoint on its disk, and dies with its box.
final class SimJob {
  private final Sim sim;
  private final SimBox box;
  private boolean running;
  private long life;
  private long step;
  private String trail = "";

  SimJob(Sim sim, SimBox box) {
    this.sim = sim;
    this.box = box;
  }

  boolean running() {
    return running;
  }

  long step() {
    return step;
  }

  void start() {
    step = box.disk.newest().map(Saved::step).orElse(0L);
    trail = "%s-b%d-%d".formatted(box.instance, box.boot, life);
    running = true;
    box.disk.everStarted = true;
    sim.world.note("job starts on " + box.instance + " at step " + step);
    next(++life);
  }

  /// Killed with everything else: nobody is told.
  void vanish() {
    running = false;
    life++;
  }

  /// Somebody kills it.
  void kill() {
    if (running) {
      end(137, "killed");
    }
  }

  /// Asked to end.
  void terminate(long graceMs) {
    if (!running) {
      return;
    }
    long now = ++life;
    sim.world.in(
        Math.min(graceMs, sim.world.between(100, 5_000)),
        () -> {
          if (life == now && running) {
            if (sim.plan.job().savesOnTerm()) {
              save(step, false);
            }
            end(143, "stopped");
          }
        });
  }

  private void next(long mine) {
    Plan.JobPlan plan = sim.plan.job();
    long stop = plan.failsAt() > 0 && step < plan.failsAt() ? plan.failsAt() : plan.steps();
    long aim = Math.min(stop, (step / plan.every() + 1) * plan.every());
    sim.world.in(
        Math.max(1, (aim - step) * plan.stepMs()),
        () -> {
          if (life == mine && running) {
            step = Math.max(step, aim);
            reached(mine);
          }
        });
  }

  private void reached(long mine) {
    Plan.JobPlan plan = sim.plan.job();
    if (step >= plan.steps()) {
      save(step, false);
      box.disk.add(Disk.write(UnitKind.RESULTS, step, trail, false, 0), plan.keep());
      end(0, "done");
      straggle();
    } else if (step == plan.failsAt()) {
      end(1, "user-error");
    } else {
      long at = step;
      sim.world.in(
          plan.writeMs(),
          () -> {
            if (life == mine && running) {
              save(at, false);
              next(mine);
            }
          });
    }
  }

  private void save(long at, boolean straggler) {
    for (int model = 0; model < sim.plan.job().models(); model++) {
      box.disk.add(
          Disk.write(UnitKind.CHECKPOINT, at, trail, straggler, model), sim.plan.job().keep());
    }
  }

  private void end(int exit, String cause) {
    running = false;
    life++;
    sim.world.note("job ends on " + box.instance + " at step " + step + ": " + cause);
    box.agent.jobEnded(exit, cause);
  }

  /// A writer that the job left behind finishes one more checkpoint, much later.
  private void straggle() {
    if (!sim.plan.job().straggles()) {
      return;
    }
    long spell = box.spell;
    long late = step + 1;
    sim.world.in(
        sim.world.between(1_000, 60_000),
        () -> {
          if (box.up() && box.spell == spell && !running) {
            sim.world.note("a straggler writes step " + late + " on " + box.instance);
            save(late, true);
          }
        });
  }
}
