package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.sim.Disk.Saved;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The training process on a box: steps, a checkpoint every few, a result at its end. It resumes
/// from the newest checkpoint on its disk, and dies with its box.
final class SimJob {
  private final Sim sim;
  private final SimBox box;
  private boolean running;
  private long life;
  private long step;
  private String trail = "";
  private Set<Sha256> parents = Set.of();

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
    box.voyage.invariants.starts(box);
    Optional<Saved> from = box.disk.newest();
    step = from.map(Saved::step).orElse(0L);
    parents = from.map(SimJob::line).orElse(Set.of());
    trail = "%s-b%d-%d".formatted(box.instance, box.boot, life);
    running = true;
    box.disk.everStarted = true;
    sim.world.note("job starts on " + box.instance + " at step " + step);
    next(++life);
  }

  private static Set<Sha256> line(Saved from) {
    Set<Sha256> line = new HashSet<>(from.parents());
    line.add(from.digest());
    return line;
  }

  /// What this trajectory has resumed from, back to the first.
  Set<Sha256> parents() {
    return parents;
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
  void terminate(long graceMs, String cause) {
    if (!running) {
      return;
    }
    long now = ++life;
    sim.world.in(
        Math.min(graceMs, sim.world.between(100, 5_000)),
        () -> {
          if (life == now && running) {
            if (box.voyage.plan.job().savesOnTerm() && !idles() && hasRoom()) {
              save(step, false);
            }
            end(143, cause);
          }
        });
  }

  /// It only stands for what somebody else runs there.
  private boolean idles() {
    return box.voyage.plan.looksAfter();
  }

  private void next(long mine) {
    if (idles()) {
      return;
    }
    Plan.JobPlan plan = box.voyage.plan.job();
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
    Plan.JobPlan plan = box.voyage.plan.job();
    if (!hasRoom()) {
      end(1, "disk-full");
    } else if (step >= plan.steps()) {
      save(step, false);
      box.disk.add(written(UnitKind.RESULTS, step, false, 0), plan.keep());
      end(0, "done");
      straggle();
    } else if (step == plan.failsAt()) {
      box.agent.says(step);
      end(1, "user-error");
    } else {
      if (step / plan.every() % 4 == 2) {
        box.agent.says(step);
      }
      long at = step;
      sim.world.in(
          plan.writeMs(),
          () -> {
            if (life == mine && running) {
              saved(at, mine);
            }
          });
    }
  }

  private void saved(long at, long mine) {
    if (hasRoom()) {
      save(at, false);
      next(mine);
    } else {
      end(1, "disk-full");
    }
  }

  /// Its disk takes another checkpoint.
  private boolean hasRoom() {
    boolean fits =
        box.disk.held() + box.voyage.plan.job().models() <= box.voyage.plan.purse().room();
    if (!fits) {
      box.voyage.invariants.noRoom(box);
    }
    return fits && !box.disk.full;
  }

  private void save(long at, boolean straggler) {
    for (int model = 0; model < box.voyage.plan.job().models(); model++) {
      box.disk.add(
          written(UnitKind.CHECKPOINT, at, straggler, model), box.voyage.plan.job().keep());
    }
    box.agent.diskMoved();
  }

  private Saved written(UnitKind kind, long at, boolean straggler, int model) {
    Disk.Written what = new Disk.Written(kind, at, trail, straggler, model);
    return Disk.write(what, sim.world.ms(), parents);
  }

  private void end(int exit, String cause) {
    running = false;
    life++;
    sim.world.note("job ends on " + box.instance + " at step " + step + ": " + cause);
    box.agent.jobEnded(exit, cause);
  }

  /// A writer that the job left behind finishes one more checkpoint, much later.
  private void straggle() {
    if (!box.voyage.plan.job().straggles()) {
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
