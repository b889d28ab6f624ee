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

/// One rented instance as the world has it: its life at the provider, its disk, its bill, and the
/// processes on it while it runs.
final class SimBox {
  private static final double MS_PER_HOUR = 3_600_000;

  /// What the container is.
  enum Life {
    LOADING,
    RUNNING,
    STOPPED
  }

  final Voyage voyage;
  final InstanceId instance;
  final RentalRef ref;
  final Offer offer;
  final boolean bids;
  final long createdAt;
  final Disk disk = new Disk();
  final SimAgent agent;
  final SimJob job;

  /// Its owner rented it at the platform himself.
  final boolean byHand;

  private final SimOwner owner;
  private String label;

  /// Our agent comes up with it.
  private boolean boarded;

  Life life = Life.STOPPED;
  boolean wanted = true;
  boolean hostOffline;
  boolean erased;

  /// Its contract has ended: it never runs again.
  boolean ended;

  /// The user's directory lies on its disk.
  boolean synced;

  /// The list says that it is stopped for good, whatever it is.
  boolean feignsStopped;

  /// Its host lies, or a copy of it speaks: what it says of itself is worth nothing.
  boolean liar;

  /// Its identity was seen in two places: nobody listens to it any more.
  boolean barred;

  /// Until when its line is up for both ends and carries nothing.
  long halfOpenUntil;

  int boot;

  /// Rises with each start and stop: what was under way before is void.
  long spell;

  /// How long nobody has known of it, how long it has billed for nothing untold, how long it has
  /// run past the budget.
  long unknownMs;

  long idleMs;
  long overMs;
  long seenOverMs;

  /// Highest step of each model's checkpoints that landed on the target.
  final Map<Character, Long> landed = new HashMap<>();

  private final World world;
  private UsdPerHour price;
  private double micros;
  private long billedTo;

  SimBox(Sim sim, Voyage voyage, Listing listing) {
    this.world = sim.world;
    this.voyage = voyage;
    this.instance = listing.instance();
    this.label = listing.label();
    this.ref = Label.parse(label).map(Label::rental).orElse(new RentalRef(1, 1));
    this.byHand = Label.parse(label).isEmpty();
    this.boarded = !byHand;
    this.offer = listing.offer();
    this.bids = voyage.plan.interruptible();
    this.price = listing.price();
    this.createdAt = world.ms();
    this.billedTo = world.ms();
    this.agent = new SimAgent(sim, this);
    this.job = new SimJob(sim, this);
    this.owner = new SimOwner(sim, this);
  }

  /// What the market writes down about a rental.
  record Listing(InstanceId instance, String label, Offer offer, UsdPerHour price) {}

  UsdPerHour price() {
    return price;
  }

  void price(UsdPerHour next) {
    bill();
    price = next;
  }

  /// Millionths of a dollar that it has cost.
  double cost() {
    bill();
    return micros;
  }

  private void bill() {
    long passed = world.ms() - billedTo;
    micros += erased ? 0 : burn().micros() * (passed / MS_PER_HOUR);
    billedTo = world.ms();
  }

  private UsdPerHour burn() {
    return life == Life.RUNNING ? price : offer.storage();
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

  boolean halfOpen() {
    return world.ms() < halfOpenUntil;
  }

  /// Begins to load; the container starts after a while, unless something stops it first.
  void start(long loadMs) {
    if (erased || life != Life.STOPPED || ended) {
      return;
    }
    bill();
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
    bill();
    life = Life.RUNNING;
    spell++;
    // Some platforms write the start-up file anew, and our line in it is gone.
    boarded = boarded && !(byHand && world.oneIn(4));
    if (boarded) {
      bootAgent();
    }
    owner.boot();
  }

  private void bootAgent() {
    boot++;
    disk.position = 0;
    disk.captured.clear();
    world.note("box " + instance + " runs, boot " + boot);
    agent.boot();
  }

  /// It is entered, labelled as ours, and our agent put there where there is none.
  void board(String ours) {
    label = ours;
    if (!boarded) {
      boarded = true;
      bootAgent();
    }
  }

  String label() {
    return label;
  }

  /// Everything in it is killed without notice.
  void kill(String why) {
    if (life == Life.STOPPED) {
      return;
    }
    bill();
    life = Life.STOPPED;
    spell++;
    world.note("box " + instance + " stops: " + why);
    job.vanish();
    agent.vanish();
  }

  void erase() {
    kill("erased");
    bill();
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
    Sight.Wanted want = wanted ? Sight.Wanted.RUNNING : Sight.Wanted.STOPPED;
    String words = ended ? "contract expired" : status + ", meant to be " + want;
    return new Poll.Line(instance, label, new Sight(status, want, bids, burn(), rivals, words));
  }
}
