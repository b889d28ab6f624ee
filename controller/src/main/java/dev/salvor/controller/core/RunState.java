package dev.salvor.controller.core;

import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.TaskDigests;
import dev.salvor.common.unit.Usd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Everything that facts have told about one run. Made by `Fold` alone; the same facts give the
/// same state.
///
/// @param tasksDone exit statuses of the tasks that had their turn on whatever box, by digest
public record RunState(
    Order order,
    SortedMap<RentalRef, Rental> rentals,
    Cargo cargo,
    Market market,
    Doing doing,
    List<Notice> notices,
    Ended ended,
    SortedMap<String, Integer> tasksDone,
    Learned learned) {

  public RunState {
    rentals = Collections.unmodifiableSortedMap(new TreeMap<>(rentals));
    notices = List.copyOf(notices);
    tasksDone = Collections.unmodifiableSortedMap(new TreeMap<>(tasksDone));
  }

  static RunState requested(Fact.RunRequested fact) {
    boolean yes = fact.spec().finish().approved();
    return new RunState(
        new Order(
            fact.spec(),
            fact.at(),
            new Will.CarryOn(),
            yes ? Fact.Approved.FOREVER : Instant.EPOCH),
        new TreeMap<>(),
        Cargo.EMPTY,
        Market.UNASKED,
        new Doing(new TreeMap<>(), new TreeMap<>(), 1),
        List.of(),
        new Ended.No(),
        new TreeMap<>(),
        Learned.NOTHING);
  }

  /// What the user asked for, and wants now.
  ///
  /// @param since when it was asked for
  /// @param approvedUntil until when the yes to destroying holds; long past where there is none
  public record Order(RunSpec spec, Instant since, Will will, Instant approvedUntil) {
    Order with(Will next) {
      return new Order(spec, since, next, approvedUntil);
    }

    Order approve(Instant until) {
      return new Order(spec, since, will, until);
    }

    Order with(Usd budget) {
      return new Order(spec.with(budget), since, will, approvedUntil);
    }
  }

  /// What is being done.
  ///
  /// @param open effects without an outcome
  /// @param permits those that open effects were granted
  public record Doing(
      SortedMap<Long, Intent> open, SortedMap<Long, Permit> permits, long nextEffect) {
    public Doing {
      open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
      permits = Collections.unmodifiableSortedMap(new TreeMap<>(permits));
    }
  }

  public RunSpec spec() {
    return order.spec();
  }

  public Instant since() {
    return order.since();
  }

  public Will will() {
    return order.will();
  }

  public Instant approvedUntil() {
    return order.approvedUntil();
  }

  public SortedMap<Long, Intent> open() {
    return doing.open();
  }

  public SortedMap<Long, Permit> permits() {
    return doing.permits();
  }

  public long nextEffect() {
    return doing.nextEffect();
  }

  /// What the user wants now.
  public sealed interface Will {
    record CarryOn() implements Will {}

    /// Bring everything home and end.
    record WindDown(String by, Instant at) implements Will {}

    /// Stop the meter at once, keep the disk.
    record Halt(String by) implements Will {}

    /// A rental that nobody here remembers renting: it is shown, and nothing is done about it.
    record LookOn() implements Will {}
  }

  /// What the market said last.
  ///
  /// @param searchedAt when the offers were listed
  /// @param failures searches and creations that failed in a row
  /// @param notBefore earliest time for the next try
  /// @param trouble why the last one failed; empty if it did not
  /// @param avoid machines that refused this run
  /// @param failed machines that failed this run
  /// @param elsewhere machines that failed other runs, as they were known when the offers were
  ///   listed
  public record Market(
      List<Offer> offers,
      Instant searchedAt,
      int failures,
      Instant notBefore,
      String trouble,
      Set<MachineId> avoid,
      List<FailedMachine> failed,
      List<FailedMachine> elsewhere) {
    static final Market UNASKED =
        new Market(List.of(), Instant.EPOCH, 0, Instant.EPOCH, "", Set.of(), List.of(), List.of());

    public Market {
      offers = List.copyOf(offers);
      avoid = Set.copyOf(avoid);
      failed = List.copyOf(failed);
      elsewhere = List.copyOf(elsewhere);
    }

    /// What is held against a machine by other runs, if anything is.
    public Optional<FailedMachine> heldAgainst(MachineId machine) {
      return elsewhere.stream().filter(f -> f.machine().equals(machine)).findFirst();
    }

    Market listed(Outcome.Offers found, Instant at) {
      return new Market(found.offers(), at, 0, at, "", avoid, failed, found.failed());
    }

    /// Nothing came of a search or a creation: after a pause, another.
    Market tired(String why, Instant at) {
      int more = failures + 1;
      return new Market(
          offers, Instant.EPOCH, more, Fold.later(at, more), why, avoid, failed, elsewhere);
    }

    Market avoiding(MachineId machine) {
      Set<MachineId> next = new HashSet<>(avoid);
      next.add(machine);
      return new Market(offers, searchedAt, failures, notBefore, trouble, next, failed, elsewhere);
    }

    /// The same fault of one machine counts once.
    Market blame(FailedMachine machine) {
      List<FailedMachine> next = new ArrayList<>(failed);
      next.removeIf(f -> f.machine().equals(machine.machine()) && f.why().equals(machine.why()));
      next.add(machine);
      return new Market(offers, searchedAt, failures, notBefore, trouble, avoid, next, elsewhere);
    }
  }

  /// An effect that was journaled and has no outcome yet.
  public record Intent(long id, Effect effect, Instant since, Duration patience) {}

  /// What the user must be told until it is acknowledged.
  public record Notice(
      long number, Instant at, String key, String what, String next, boolean acknowledged) {}

  /// Whether the run has come to its end.
  public sealed interface Ended {
    record No() implements Ended {}

    record Yes(Fact.Ending ending, String why, Instant at) implements Ended {}
  }

  /// The newest rental that was not found never to have been.
  public Optional<Rental> current() {
    return rentals.reversed().values().stream()
        .filter(rental -> !(rental.hold() instanceof Rental.Hold.Never))
        .findFirst();
  }

  /// Money spent by all rentals up to a moment.
  public Usd spent(Instant now) {
    return rentals.values().stream().map(r -> r.meter().at(now)).reduce(Usd.ZERO, Usd::plus);
  }

  public boolean isOpen(Class<? extends Effect> kind) {
    return open().values().stream().anyMatch(intent -> kind.isInstance(intent.effect()));
  }

  /// Open effects of one kind.
  public <E extends Effect> List<E> opened(Class<E> kind) {
    return open().values().stream()
        .map(Intent::effect)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /// What was said under this key, acknowledged or not.
  public Optional<Notice> notice(String key) {
    return notices.stream().filter(notice -> notice.key().equals(key)).findFirst();
  }

  public boolean announced(String key) {
    return notices.stream().anyMatch(notice -> notice.key().equals(key));
  }

  /// Somebody said yes to destroying, and the yes still holds.
  public boolean approved(Instant now) {
    return now.isBefore(order.approvedUntil());
  }

  /// It does nothing but show what it is about.
  public boolean looksOn() {
    return order.will() instanceof Will.LookOn;
  }

  public boolean over() {
    return ended instanceof Ended.Yes;
  }

  RunState with(Will next) {
    return with(order.with(next));
  }

  RunState approve(Instant until) {
    return with(order.approve(until));
  }

  /// The same, and it may cost so much.
  RunState with(Usd budget) {
    return with(order.with(budget));
  }

  RunState withOpen(SortedMap<Long, Intent> intents, SortedMap<Long, Permit> granted, long next) {
    return with(new Doing(intents, granted, next));
  }

  RunState with(Rental next) {
    SortedMap<RentalRef, Rental> all = new TreeMap<>(rentals);
    all.put(next.ref(), next);
    return withRentals(all);
  }

  RunState withDone(String digest, int exit) {
    SortedMap<String, Integer> done = new TreeMap<>(tasksDone);
    done.put(digest, exit);
    return withTasks(done);
  }

  RunState with(Cargo next) {
    return new RunState(order, rentals, next, market, doing, notices, ended, tasksDone, learned);
  }

  RunState with(Market next) {
    return new RunState(order, rentals, cargo, next, doing, notices, ended, tasksDone, learned);
  }

  RunState withNotices(List<Notice> next) {
    return new RunState(order, rentals, cargo, market, doing, next, ended, tasksDone, learned);
  }

  RunState with(Ended next) {
    return new RunState(order, rentals, cargo, market, doing, notices, next, tasksDone, learned);
  }

  RunState with(Learned next) {
    return new RunState(order, rentals, cargo, market, doing, notices, ended, tasksDone, next);
  }

  private RunState with(Order next) {
    return new RunState(next, rentals, cargo, market, doing, notices, ended, tasksDone, learned);
  }

  private RunState with(Doing next) {
    return new RunState(order, rentals, cargo, market, next, notices, ended, tasksDone, learned);
  }

  private RunState withRentals(SortedMap<RentalRef, Rental> next) {
    return new RunState(order, next, cargo, market, doing, notices, ended, tasksDone, learned);
  }

  private RunState withTasks(SortedMap<String, Integer> next) {
    return new RunState(order, rentals, cargo, market, doing, notices, ended, next, learned);
  }

  /// Tasks that ended badly, counted from 1 in the order of the list.
  public List<Integer> failedTasks() {
    List<String> digests = List.copyOf(TaskDigests.of(spec().job().care().tasks()).keySet());
    return IntStream.rangeClosed(1, digests.size())
        .filter(i -> tasksDone.getOrDefault(digests.get(i - 1), 0) != 0)
        .boxed()
        .toList();
  }
}
