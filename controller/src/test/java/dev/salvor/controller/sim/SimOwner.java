package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.Sha256;
import java.util.HashSet;
import java.util.Set;

/// The owner of a box that he rented by hand: what he runs there writes checkpoints by itself, at
/// each boot anew, whether anybody looks after it or not.
final class SimOwner {
  private static final long STRIDE = 10;
  private static final int MOST = 40;

  private final Sim sim;
  private final World world;
  private final SimBox box;
  private int written;

  SimOwner(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
  }

  /// His own start-up text ran.
  void boot() {
    if (box.byHand && box.voyage.plan.looksAfter()) {
      next(box.spell);
    }
  }

  private void next(long mine) {
    world.in(
        world.between(10_000, 120_000),
        () -> {
          if (box.spell == mine && box.up() && written < MOST) {
            write();
            next(mine);
          }
        });
  }

  private void write() {
    boolean room = box.disk.held() + 1 <= box.voyage.plan.purse().room();
    if (box.disk.full || !room) {
      return;
    }
    var newest = box.disk.newest();
    Set<Sha256> parents = new HashSet<>();
    newest.ifPresent(from -> {
      parents.addAll(from.parents());
      parents.add(from.digest());
    });
    long step = newest.map(Disk.Saved::step).orElse(0L) + STRIDE;
    String trail = "owner-" + box.instance + "-" + ++written;
    Disk.Written what = new Disk.Written(UnitKind.CHECKPOINT, step, trail, false, 0);
    box.disk.add(Disk.write(what, world.ms(), parents), box.voyage.plan.job().keep());
    world.note("the owner's trainer on " + box.instance + " writes step " + step);
    sim.market.box(box.instance).ifPresent(b -> b.agent.diskMoved());
  }
}
