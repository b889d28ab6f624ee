package dev.salvor.controller.sim;

import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.loop.Event;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A host that is not what it should be: it says what is not so, or runs a copy of a box's disk
/// that speaks as the box. What is on such a box nobody answers for; everything else must hold.
final class Stranger {
  private static final int WORDS = 9;

  private final Sim sim;
  private final World world;
  private final SimBox box;
  private long said;

  Stranger(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
  }

  /// Lies now and then, for a time.
  void lie(long untilMs) {
    world.note("the host of " + box.instance + " begins to lie");
    box.liar = true;
    lieOn(untilMs);
  }

  private void lieOn(long untilMs) {
    if (world.ms() >= untilMs || box.erased) {
      return;
    }
    if (box.online() && box.agent.connection() != 0 && sim.station.open(box.agent.connection())) {
      say(word(sim.station.now()));
    }
    world.in(world.between(500, 20_000), () -> lieOn(untilMs));
  }

  private Fact word(Instant at) {
    int boot = box.boot + (world.oneIn(4) ? world.chance.nextInt(3) : 0);
    long far = box.disk.position + world.between(1, 1_000);
    return switch (world.chance.nextInt(WORDS)) {
      case 0 -> new Fact.Quiesced(at, box.ref, boot, far, world.chance.nextBoolean());
      case 1 -> new Fact.JobStarted(at, box.ref, boot, world.chance.nextInt(1, 50));
      case 2 ->
          new Fact.JobEnded(at, box.ref, boot, world.chance.nextInt(3), "killed", List.of(), 1);
      case 3 -> new Fact.AgentJoined(at, box.ref, boot, world.chance.nextBoolean(), true);
      case 4 -> new Fact.SelfStopped(at, box.ref, boot, at.minusSeconds(1_000_000), "a lie");
      case 5 -> new Fact.OrderFailed(at, box.ref, world.chance.nextLong(1, 60), "a lie");
      case 6 -> new Fact.JobStalled(at, box.ref, boot, 1, "a lie");
      case 7 -> new Fact.LogMatched(at, box.ref, boot, 1, world.chance.nextInt(4), "a lie");
      default -> new Fact.UnitSeen(at, box.ref, phantom(boot, far).unit(far));
    };
  }

  /// A checkpoint that is nowhere.
  private record Phantom(SimBox box, int boot, Disk.Saved saved, Instant at) {
    dev.salvor.common.checkpoint.Unit unit(long seq) {
      return saved.unit(box.ref.generation(), boot, seq, at);
    }
  }

  private Phantom phantom(int boot, long seq) {
    long step = world.oneIn(3) ? Long.MAX_VALUE : seq;
    Disk.Written what = new Disk.Written(UnitKind.CHECKPOINT, step, "lie" + ++said, false, 0);
    return new Phantom(box, boot, Disk.write(what, world.ms(), Set.of()), world.now());
  }

  /// A copy of the disk speaks as this box, until the authority sees two and bars both.
  void copy(long forMs) {
    world.note("a copy of " + box.instance + " speaks");
    box.liar = true;
    lieOn(world.ms() + forMs);
    world.in(forMs, this::found);
  }

  private void found() {
    if (box.erased || !sim.station.up()) {
      return;
    }
    world.note("two boxes were heard as " + box.ref);
    box.barred = true;
    say(
        new Fact.Announced(
            sim.station.now(), Permits.CLONED + box.ref, "Two boxes speak as one", "Look at it."));
    sim.station.hangUp(box);
  }

  private void say(Fact fact) {
    sim.station.post(new Event.Happened(box.voyage.run, fact));
  }
}
