package dev.salvor.controller.sandbox.market;

import java.util.Optional;
import java.util.stream.Stream;

/// Who gets a machine's GPUs: on demand beats any bid, a higher bid a lower one, and whoever has
/// them keeps them against an equal. Bids for slots of different sizes are compared by the GPU;
/// strangers come for whole machines.
final class Auction {
  /// The least by which one bid must top another.
  private static final double STEP = 0.0001;

  private final Books books;
  private final Rivals rivals;

  Auction(Books books, Rivals rivals) {
    this.books = books;
    this.rivals = rivals;
  }

  /// Whether a stranger has the machine on demand: nobody else gets it before he goes.
  boolean taken(long machine, long nowMs) {
    return rival(machine, nowMs).filter(Rivals.Rival::onDemand).isPresent();
  }

  /// The least bid that would run now for `self` (0: a new one); the machine's own floor, strangers
  /// and the account's other instances on these GPUs count.
  double minBid(Lot lot, long self, long nowMs) {
    long machine = lot.machine().id();
    double least = books.condition(machine).minBid(lot.machine(), nowMs) * lot.share();
    Optional<Rivals.Rival> rival = rival(machine, nowMs);
    if (rival.isPresent() && !rival.get().onDemand()) {
      least = Math.max(least, rival.get().bid() * lot.share());
    }
    double others =
        holders(lot, self)
            .filter(other -> other.terms().bid())
            .mapToDouble(other -> priceFor(lot.slot(), other) + STEP)
            .max()
            .orElse(0);
    return Math.max(least, others);
  }

  /// Whether an instance that has its GPUs keeps them.
  boolean keeps(Instance instance, long nowMs) {
    if (!instance.terms().bid()) {
      return true;
    }
    boolean beaten =
        holders(books.lot(instance), instance.id()).anyMatch(other -> beats(other, instance));
    return !beaten && !taken(instance.machine(), nowMs) && pays(instance, nowMs);
  }

  /// Whether an instance that has none would get its own.
  boolean gets(Instance instance, long nowMs) {
    return !taken(instance.machine(), nowMs)
        && pays(instance, nowMs)
        && holders(books.lot(instance), instance.id()).allMatch(other -> beats(instance, other));
  }

  /// Whether there is anything to rent here: nobody has any of it on demand.
  boolean open(Lot lot, long nowMs) {
    return !taken(lot.machine().id(), nowMs)
        && holders(lot, 0).allMatch(other -> other.terms().bid());
  }

  /// Whether the account itself has any of these GPUs.
  boolean ours(Lot lot) {
    return holders(lot, 0).findAny().isPresent();
  }

  private boolean pays(Instance instance, long nowMs) {
    if (!instance.terms().bid()) {
      return true;
    }
    Lot lot = books.lot(instance);
    double least = books.condition(instance.machine()).minBid(lot.machine(), nowMs);
    Optional<Rivals.Rival> rival = rival(instance.machine(), nowMs);
    double against = rival.isPresent() ? rival.get().bid() : 0;
    return instance.terms().price() >= Math.max(least, against) * lot.share();
  }

  private static boolean beats(Instance winner, Instance loser) {
    if (!loser.terms().bid()) {
      return false;
    }
    return !winner.terms().bid() || winner.terms().price() > priceFor(winner.slot(), loser);
  }

  /// What this one pays, by the GPU, for so many GPUs.
  private static double priceFor(Slot slot, Instance payer) {
    return payer.terms().price() * slot.gpus() / payer.slot().gpus();
  }

  private Stream<Instance> holders(Lot lot, long self) {
    return books.instances.values().stream()
        .filter(other -> other.machine() == lot.machine().id() && other.id() != self)
        .filter(other -> other.slot().overlaps(lot.slot()))
        .filter(other -> other.life().stage().holdsGpus() || other.life().startsSoon());
  }

  private Optional<Rivals.Rival> rival(long machine, long nowMs) {
    return rivals.at(books.machine(machine), books.seed, (nowMs - books.bornMs) / 1000.0);
  }
}
