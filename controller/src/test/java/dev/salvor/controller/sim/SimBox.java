package dev.salvor.controller.sim;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Sight;
import java.util.HashMap;
import java.util.Map;

/// One rented instance as the world has it: its life at the provider, its disk, and the processes
/// on it while it runs.
final class SimBox {
  /// What the container is.
  enum Life {
    LOADING,
    RUNNING,
    STOPPED
  }

  final InstanceId instance;
  final String label;
  final RentalRef ref;
  final Offer offer;
  final boolean bids;
  final long createdAt;
  final Disk disk = new Disk();
  final SimAgent agent;
  final SimJob job;
  UsdPerHour price;
  Life life = Life.STOPPED;
  boolean wanted = true;
  boolean hostOffline;
  boolean erased;

  /// The user's directory lies on its disk.
  boolean synced;

  /// The list says that it is stopped for good, whatever it is.
  boolean feignsStopped;

  long runningSince;
  int boot;

  /// Rises with each start and stop: what was under way before is void.
  long spell;

  /// How long nobody has known of it, and how long it has billed for nothing untold.
  long unknownMs;

  long idleMs;

  /// Highest step of each model's checkpoints that landed on the target.
  final Map<Character, Long> landed = new HashMap<>();

  private final World world;

  SimBox(Sim sim, InstanceId instance, String label, Offer offer, UsdPerHour price) {
    this.world = sim.world;
    this.instance = instance;
    this.label = label;
    this.ref = Label.parse(label).orElseThrow().rental();
    this.offer = offer;
    this.bids = sim.plan.interruptible();
    this.price = price;
    this.createdAt = world.ms();
    this.agent = new SimAgent(sim, this);
    this.job = new SimJob(sim, this);
  }

  boolean up() {
    return life == Life.RUNNING && !erased;
  }

  /// Up, and the network reaches it.
  boolean online() {
    return up() && !hostOffline;
  }

  /// Its job goes on, and somebody hears of it.
  boolean trains() {
    return online() && job.running() && agent.connection() != 0;
  }

  /// Begins to load; the container starts after a while, unless something stops it first.
  void start(long loadMs) {
    if (erased || life != Life.STOPPED) {
      return;
    }
    life = Life.LOADING;
    long now = ++spell;
    world.note("box " + instance + " loads");
    world.in(
        loadMs,
        () -> {
          if (spell == now && life == Life.LOADING && !hostOffline) {
            boot();
          } else if (spell == now && life == Life.LOADING) {
            life = Life.STOPPED;
          }
        });
  }

  private void boot() {
    life = Life.RUNNING;
    spell++;
    boot++;
    runningSince = world.ms();
    disk.position = 0;
    disk.captured.clear();
    world.note("box " + instance + " runs, boot " + boot);
    agent.boot();
  }

  /// Everything in it is killed without notice.
  void kill(String why) {
    if (life == Life.STOPPED) {
      return;
    }
    life = Life.STOPPED;
    spell++;
    world.note("box " + instance + " stops: " + why);
    job.vanish();
    agent.vanish();
  }

  void erase() {
    kill("erased");
    erased = true;
  }

  Poll.Line line(UsdPerHour rivals) {
    if (feignsStopped) {
      Sight.Wanted stop = Sight.Wanted.STOPPED;
      return new Poll.Line(
          instance,
          label,
          new Sight(Sight.Status.STOPPED, stop, bids, offer.storage(), rivals, "a lie"));
    }
    Sight.Status status =
        hostOffline
            ? Sight.Status.OFFLINE
            : switch (life) {
              case LOADING -> Sight.Status.LOADING;
              case RUNNING -> Sight.Status.RUNNING;
              case STOPPED -> Sight.Status.STOPPED;
            };
    UsdPerHour burn = life == Life.RUNNING ? price : offer.storage();
    Sight.Wanted want = wanted ? Sight.Wanted.RUNNING : Sight.Wanted.STOPPED;
    String words = status + ", meant to be " + want;
    return new Poll.Line(instance, label, new Sight(status, want, bids, burn, rivals, words));
  }
}
