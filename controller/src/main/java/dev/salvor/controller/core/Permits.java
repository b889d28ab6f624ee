package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Cargo.Stowed;
import dev.salvor.controller.core.Permit.Ground;
import dev.salvor.controller.core.Permit.Terms;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.Rental.Quiet;
import dev.salvor.controller.core.Rental.Salvage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Says whether a rental may be erased, on what ground, or everything that speaks against it.
public final class Permits {
  /// Long enough for a slow provider, short enough that the world cannot have changed much.
  static final Duration LIFE = Duration.ofMinutes(5);

  /// The key of the notice that cargo of a rental could not be taken in.
  public static final String DROPPED = "unit-dropped-";

  /// The key of the notice that two boxes spoke as one rental.
  public static final String CLONED = "cloned-";

  /// What speaks against it until somebody says yes.
  public static final String NOT_APPROVED = "nobody has said yes to destroying it";

  /// Copies are read through before what they are copies of goes. A slow line reads so much.
  private static final long READ_BYTES_A_SECOND = 5_000_000;

  private Permits() {}

  /// How long copies of so many bytes may take to be read.
  static Duration reading(Stream<Unit> units) {
    return Duration.ofSeconds(
        units.mapToLong(u -> u.manifest().bytes()).sum() / READ_BYTES_A_SECOND);
  }

  /// How long a permit for this rental lives.
  private static Duration life(RunState s, RentalRef ref) {
    return LIFE.plus(
        reading(
            s.cargo()
                .on(ref)
                .filter(u -> Cargo.proven(u) && !s.cargo().replaced(u))
                .map(Stowed::unit)));
  }

  /// The answer to the question for a permit.
  public sealed interface Ruling {
    record Granted(Terms terms) implements Ruling {}

    record Refused(List<String> reasons) implements Ruling {
      public Refused {
        reasons = List.copyOf(reasons);
      }
    }
  }

  /// May this rental be erased as things stand?
  public static Ruling rule(RunState s, RentalRef ref, Instant now) {
    Rental r = s.rentals().get(ref);
    if (r == null || !(r.hold() instanceof Hold.Held held)) {
      return new Ruling.Refused(List.of("rental " + ref + " is not one that we hold"));
    }
    Instant expires = now.plus(life(s, ref));
    if (r.marks().abandoned()) {
      return grant(
          r, held.instance(), Ground.ABANDONED, "the user typed what would be lost", expires);
    }
    if (r.seen().verdict() instanceof Verdict.Unknown unknown) {
      return new Ruling.Refused(List.of("the verdict is unknown: " + unknown.why()));
    }
    Optional<String> nothing = nothingToLose(s, r);
    if (nothing.isPresent()) {
      return grant(r, held.instance(), Ground.NOTHING_TO_LOSE, nothing.get(), expires);
    }
    List<String> against = new ArrayList<>(notStill(r, spoken(s, ref)));
    if (r.seen().sight().is(Sight.Status.OFFLINE)) {
      against.add("its host is away: what it does there nobody knows until it is back");
    }
    if (unaccounted(s, ref)) {
      against.add("the box told of cargo that could not be taken in");
    }
    for (Stowed unsafe : s.cargo().unsafeOldestFirst(ref)) {
      against.add(
          "%s at step %d is complete and has no receipt"
              .formatted(unsafe.unit().id(), unsafe.unit().step()));
    }
    if (!s.approved(now)) {
      against.add(NOT_APPROVED);
    }
    if (!against.isEmpty()) {
      return new Ruling.Refused(against);
    }
    return grant(
        r,
        held.instance(),
        Ground.RECEIPTS,
        "everything complete up to here has a receipt",
        expires);
  }

  /// Is a permit that was granted earlier still good, at this moment, before the erasing call?
  public static Ruling recheck(Permit permit, RunState s, Instant now) {
    Terms terms = permit.terms();
    if (!now.isBefore(terms.expires())) {
      return new Ruling.Refused(List.of("the permit expired at " + terms.expires()));
    }
    return switch (rule(s, terms.rental(), now)) {
      case Ruling.Refused refused -> refused;
      case Ruling.Granted fresh when same(fresh.terms(), terms) -> new Ruling.Granted(terms);
      case Ruling.Granted fresh ->
          new Ruling.Refused(
              List.of("it was granted for " + terms + ", and now stands " + fresh.terms()));
    };
  }

  private static boolean same(Terms a, Terms b) {
    return a.rental().equals(b.rental())
        && a.instance().equals(b.instance())
        && a.boot() == b.boot()
        && a.position() == b.position();
  }

  /// Makes the permit that an intent's terms ask for, if the state before the intent justifies
  /// exactly those terms, and they expire no later than any granted then.
  static Optional<Permit> mint(RunState before, Terms terms, Instant at) {
    if (terms.expires().isAfter(at.plus(life(before, terms.rental())))) {
      return Optional.empty();
    }
    return switch (rule(before, terms.rental(), at)) {
      case Ruling.Granted granted
          when same(granted.terms(), terms) && granted.terms().ground() == terms.ground() ->
          Optional.of(new Permit(terms));
      case Ruling.Granted _, Ruling.Refused _ -> Optional.empty();
    };
  }

  private static Ruling grant(
      Rental r, InstanceId instance, Ground ground, String why, Instant expires) {
    return new Ruling.Granted(
        new Terms(r.ref(), instance, r.aboard().boot(), r.position(), ground, why, expires));
  }

  /// The intake could not read a unit that this box told of, and has said so for good.
  private static boolean unaccounted(RunState s, RentalRef ref) {
    return s.announced(DROPPED + ref);
  }

  /// Why there can be no cargo there, if so.
  private static Optional<String> nothingToLose(RunState s, Rental r) {
    if (s.cargo().on(r.ref()).findAny().isPresent() || unaccounted(s, r.ref())) {
      return Optional.empty();
    }
    if (!r.seen().everRan() && !r.seen().sight().is(Sight.Status.UNSEEN)) {
      return Optional.of("the provider never showed it running");
    }
    // In an args box something of the user's may have run without any order.
    boolean waits = !s.spec().box().runtype().equals("args");
    if (waits && r.seen().everRan() && r.aboard().boot() == 0 && !r.aboard().everOrdered()) {
      return Optional.of("its agent never spoke, so no order to start a job can have reached it");
    }
    if (r.seen().everRan() && r.aboard().boot() <= 1 && !r.aboard().everOrdered() && settled(r)) {
      return Optional.of("its agent was never told to start a job");
    }
    boolean believed = !cloned(s, r.ref());
    if (believed && r.quiet() instanceof Quiet.At at && !at.jobEverStarted() && quietNow(r, at)) {
      return Optional.of("quiesced, and no job ever started there");
    }
    return Optional.empty();
  }

  /// No order to start can be under way to it: it speaks, or it is stopped.
  private static boolean settled(Rental r) {
    return r.alive() || r.seen().sight().is(Sight.Status.STOPPED);
  }

  private static boolean quietNow(Rental r, Quiet.At at) {
    return at.boot() == r.aboard().boot() && at.position() >= r.position();
  }

  /// Two boxes spoke as this one: what either of them said of itself proves nothing.
  private static boolean cloned(RunState s, RentalRef ref) {
    return s.announced(CLONED + ref);
  }

  /// What the box says of itself is enough: one box speaks as this one, and what writes on it is
  /// ours and has ended.
  private static boolean spoken(RunState s, RentalRef ref) {
    return !cloned(s, ref) && !s.spec().job().looksAfter();
  }

  /// What speaks against the box being still, so that nothing more can come.
  ///
  /// @param spoken whether its own word is enough
  private static List<String> notStill(Rental r, boolean spoken) {
    if (r.job() instanceof JobState.Running) {
      return List.of("the job is running");
    }
    if (spoken && r.quiet() instanceof Quiet.At at && quietNow(r, at)) {
      return List.of();
    }
    if (!(r.salvage() instanceof Salvage.Brought brought) || brought.boot() != r.aboard().boot()) {
      return List.of("the box has not said that it is quiet, and its disk was not brought home");
    }
    if (!brought.whole()) {
      return List.of("its disk was brought home only in part");
    }
    if (!brought.fenced() || !r.stoppedForGood()) {
      return List.of("it may have run since its disk was brought home");
    }
    return List.of();
  }
}
