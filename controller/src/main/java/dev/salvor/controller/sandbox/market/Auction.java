package dev.salvor.controller.sandbox.market;

import java.util.Optional;
import java.util.stream.Stream;

/// Who gets a machine's GPUs: on demand beats any bid, a higher bid a lower one, and whoever has
/// them keeps them against an equal.
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
  /// and the account's other instances count.
  double minBid(long machine, long self, long nowMs) {
    double least = books.condition(machine).minBid(books.machine(machine), nowMs);
    Optional<Rivals.Rival> rival = rival(machine, nowMs);
    if (rival.isPresent() && !rival.get().onDemand()) {
      least = Math.max(least, rival.get().bid());
    }
    double others =
        holders(machine, self)
            .filter(other -> other.terms().bid())
            .mapToDouble(other -> other.terms().price() + STEP)
            .max()
            .orElse(0);
    return Math.max(least, others);
  }

  /// Whether an instance that has its GPUs keeps them.
  boolean keeps(Instance instance, long nowMs) {
    if (!instance.terms().bid()) {
      return true;
    }
    long machine = instance.machine();
    boolean beaten = holders(machine, instance.id()).anyMatch(other -> beats(other, instance));
    return !beaten && !taken(machine, nowMs) && pays(instance, nowMs);
  }

  /// Whether an instance that has none would get them.
  boolean gets(Instance instance, long nowMs) {
    return !taken(instance.machine(), nowMs)
        && pays(instance, nowMs)
        && holders(instance.machine(), instance.id()).allMatch(other -> beats(instance, other));
  }

  /// Whether there is anything to rent here: nobody has it on demand.
  boolean open(long machine, long nowMs) {
    return !taken(machine, nowMs) && holders(machine, 0).allMatch(other -> other.terms().bid());
  }

  /// Whether the account itself has the machine's GPUs.
  boolean ours(long machine) {
    return holders(machine, 0).findAny().isPresent();
  }

  private boolean pays(Instance instance, long nowMs) {
    if (!instance.terms().bid()) {
      return true;
    }
    double least =
        books.condition(instance.machine()).minBid(books.machine(instance.machine()), nowMs);
    Optional<Rivals.Rival> rival = rival(instance.machine(), nowMs);
    double against = rival.isPresent() ? rival.get().bid() : 0;
    return instance.terms().price() >= Math.max(least, against);
  }

  private static boolean beats(Instance winner, Instance loser) {
    if (!loser.terms().bid()) {
      return false;
    }
    return !winner.terms().bid() || winner.terms().price() > loser.terms().price();
  }

  private Stream<Instance> holders(long machine, long self) {
    return books.instances.values().stream()
        .filter(other -> other.machine() == machine && other.id() != self)
        .filter(other -> other.life().stage().holdsGpus() || other.life().startsSoon());
  }

  private Optional<Rivals.Rival> rival(long machine, long nowMs) {
    return rivals.at(books.machine(machine), books.seed, (nowMs - books.bornMs) / 1000.0);
  }
}
