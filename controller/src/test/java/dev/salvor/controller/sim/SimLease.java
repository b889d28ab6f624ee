package dev.salvor.controller.sim;

import java.time.Duration;

/// How long a box goes on alone: when its lease lapses and nobody answers, it ends its job and
/// stops itself by the platform's own key.
final class SimLease {
  private static final Duration BEFORE_ANY = Duration.ofHours(2);
  private static final long AGAIN_MS = 30_000;
  private static final long SENDING_MS = 10_000;

  private final Sim sim;
  private final World world;
  private final SimBox box;
  private long endsMs;
  private boolean armed;
  private long spell;

  SimLease(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
  }

  void boot() {
    spell = box.spell;
    armed = false;
    grant(BEFORE_ANY);
  }

  void grant(Duration lease) {
    endsMs = world.ms() + Math.max(0, Math.min(lease.toMillis(), Duration.ofDays(60).toMillis()));
    if (!armed && sim.cast.habits().heedsLease()) {
      armed = true;
      arm(spell);
    }
  }

  private void arm(long mine) {
    world.in(Math.max(1, endsMs - world.ms()), () -> look(mine));
  }

  private void look(long mine) {
    if (mine != spell || box.spell != spell || !box.up()) {
      return;
    }
    if (world.ms() < endsMs) {
      arm(mine);
    } else if (box.agent.connection() != 0 || !box.agent.up()) {
      world.in(AGAIN_MS, () -> look(mine));
    } else {
      lapse(mine);
    }
  }

  private void lapse(long mine) {
    world.note("the lease of " + box.instance + " lapses");
    box.job.terminate(5_000, "lease");
    world.in(SENDING_MS, () -> stop(mine));
  }

  private void stop(long mine) {
    if (mine != spell || box.spell != spell || !box.up()) {
      return;
    }
    if (box.agent.connection() != 0 || world.ms() < endsMs) {
      look(mine);
      return;
    }
    box.agent.farewell("its lease had lapsed");
    if (!sim.weather.is(FaultKind.PROVIDER_MUTE) && !box.hostOffline) {
      sim.market.stop(box.instance);
    }
    world.in(AGAIN_MS, () -> look(mine));
  }
}
