package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.PrunePermit;

/// An agent's care for room on its box's disk: says when it is short, and removes what it is
/// ordered to.
final class SimRoom {
  private final Sim sim;
  private final SimBox box;
  private final SimSpool spool;
  private boolean told;

  SimRoom(Sim sim, SimBox box, SimSpool spool) {
    this.sim = sim;
    this.box = box;
    this.spool = spool;
  }

  void boot() {
    told = false;
  }

  /// Once a boot its disk is short, where its user has an answer to that.
  void look(long line) {
    if (told || box.voyage.plan.keeps().onBox() == 0 || box.disk.position < 2) {
      return;
    }
    told = true;
    int boot = box.boot;
    spool.report(line, at -> new Fact.RoomShort(at, box.ref, boot, "/work", "bytes"));
  }

  void prune(long line, long order, PrunePermit.Terms terms) {
    UnitId unit = terms.unit();
    boolean there = box.disk.has(unit.manifestDigest());
    if (there && !terms.stays().stream().allMatch(this::lies)) {
      String why = "what stays does not lie here";
      spool.report(line, at -> new Fact.OrderFailed(at, box.ref, order, why));
      return;
    }
    if (there) {
      box.voyage.invariants.removing(box, unit);
      sim.world.note("box " + box.instance + " removes " + unit);
      box.disk.lose(saved -> saved.digest().equals(unit.manifestDigest()));
    }
    spool.report(line, at -> new Fact.Pruned(at, box.ref, unit));
  }

  private boolean lies(UnitId unit) {
    return box.disk.own().stream().anyMatch(s -> s.digest().equals(unit.manifestDigest()));
  }
}
