package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// One rented instance of a run, with everything that facts have told about it.
///
/// @param price what we pay an hour while it runs
/// @param position catalog position: the newest unit that the newest boot captured, 0 for none
public record Rental(
    RentalRef ref,
    Offer offer,
    UsdPerHour price,
    Instant askedAt,
    Hold hold,
    Seen seen,
    Aboard aboard,
    JobState job,
    long position,
    Quiet quiet,
    Salvage salvage,
    Meter meter,
    Marks marks) {

  static Rental asked(Instant at, Effect.Create create) {
    return new Rental(
        create.rental(),
        create.offer(),
        create.price(),
        at,
        new Hold.Asked(),
        Seen.nothing(at, false),
        Aboard.nobody(Disk.NEW),
        new JobState.Idle(),
        0,
        new Quiet.No(),
        new Salvage.NotTried(0, at),
        Meter.begun(at),
        Marks.NONE);
  }

  /// What is known of its existence.
  public sealed interface Hold {
    record Asked() implements Hold {}

    /// The answer to its creation was lost.
    record Unclear(String why) implements Hold {}

    record Held(InstanceId instance) implements Hold {}

    /// It never came to be.
    record Never(String why) implements Hold {}

    /// The provider no longer lists it.
    record Gone(InstanceId instance, Instant at) implements Hold {}
  }

  /// Where the job stands.
  public sealed interface JobState {
    record Idle() implements JobState {}

    /// It runs.
    ///
    /// @param stalled why it is thought to hang; empty while it moves
    record Running(int boot, Instant since, String stalled, Instant stalledAt) implements JobState {
      Running(int boot, Instant since) {
        this(boot, since, "", since);
      }

      public boolean hangs() {
        return !stalled.isEmpty();
      }

      Running stalled(String why, Instant at) {
        return new Running(boot, since, why, at);
      }
    }

    record Ended(int boot, int exitCode, String cause, List<String> tail, Instant at)
        implements JobState {
      public Ended {
        tail = List.copyOf(tail);
      }

      /// It did what it was asked to.
      public boolean well() {
        return exitCode == 0;
      }
    }
  }

  /// Whether the box has said that nothing more will come.
  public sealed interface Quiet {
    record No() implements Quiet {}

    /// The job stopped, a rescan done, every complete unit reported up to the position.
    record At(int boot, long position, boolean jobEverStarted) implements Quiet {}
  }

  /// Whether its paused disk was brought home.
  public sealed interface Salvage {
    record NotTried(int failures, Instant notBefore) implements Salvage {}

    /// What it held was fetched, as far as it could be.
    ///
    /// @param whole listed whole, and everything complete on it was fetched
    /// @param fenced it was stopped for good before the fetching began, so that nothing came after
    ///   it
    record Brought(boolean whole, boolean fenced, int boot, Instant at) implements Salvage {}

    /// It failed again and again. The run goes on without, and it is tried again later.
    record GivenUp(String why, Instant notBefore) implements Salvage {}
  }

  /// What was decided about it.
  ///
  /// @param givenUp the run goes on elsewhere
  /// @param abandoned the user typed that its cargo may be lost
  /// @param stopAsked we asked the provider to stop it
  /// @param eraseAccepted the provider accepted its destruction; it is listed until it is gone
  /// @param eraseFailures calls to erase it that failed in a row
  /// @param arms the arms chosen for the present loss, in order
  /// @param armAt when the last was chosen
  /// @param notBefore earliest time for the next call about this rental, after one that failed
  public record Marks(
      boolean givenUp,
      boolean abandoned,
      boolean stopAsked,
      boolean eraseAccepted,
      int eraseFailures,
      List<Arm> arms,
      Instant armAt,
      Instant notBefore) {
    static final Marks NONE =
        new Marks(false, false, false, false, 0, List.of(), Instant.EPOCH, Instant.EPOCH);

    public Marks {
      arms = List.copyOf(arms);
    }

    Marks choose(Arm arm, Instant at) {
      List<Arm> next = new ArrayList<>(arms);
      next.add(arm);
      return with(next, at).givenUp(givenUp || arm == Arm.RELAUNCH);
    }

    Marks forgetArms() {
      return with(List.of(), armAt);
    }

    /// The last arm did not work: the next may be chosen at once.
    Marks armFailed() {
      return with(arms, Instant.EPOCH);
    }

    private Marks with(List<Arm> next, Instant at) {
      return new Marks(
          givenUp, abandoned, stopAsked, eraseAccepted, eraseFailures, next, at, notBefore);
    }

    private Marks givenUp(boolean next) {
      return new Marks(
          next, abandoned, stopAsked, eraseAccepted, eraseFailures, arms, armAt, notBefore);
    }

    Marks abandon() {
      return new Marks(
          givenUp, true, stopAsked, eraseAccepted, eraseFailures, arms, armAt, notBefore);
    }

    Marks stopped(boolean asked) {
      return new Marks(
          givenUp, abandoned, asked, eraseAccepted, eraseFailures, arms, armAt, notBefore);
    }

    Marks erased() {
      return new Marks(givenUp, abandoned, stopAsked, true, 0, arms, armAt, notBefore);
    }

    Marks listedAgain() {
      return new Marks(givenUp, abandoned, stopAsked, false, eraseFailures, arms, armAt, notBefore);
    }

    Marks eraseFailed() {
      return new Marks(
          givenUp, abandoned, stopAsked, eraseAccepted, eraseFailures + 1, arms, armAt, notBefore);
    }

    Marks rest(Instant until) {
      return new Marks(
          givenUp, abandoned, stopAsked, eraseAccepted, eraseFailures, arms, armAt, until);
    }
  }

  /// Exists at the provider as far as we know, or may.
  public boolean mayExist() {
    return switch (hold) {
      case Hold.Asked _, Hold.Unclear _, Hold.Held _ -> true;
      case Hold.Never _, Hold.Gone _ -> false;
    };
  }

  public boolean held() {
    return hold instanceof Hold.Held;
  }

  public boolean alive() {
    return seen.verdict() instanceof Verdict.Alive;
  }

  public boolean lost() {
    return seen.verdict() instanceof Verdict.Lost;
  }

  /// Stopped for good as far as the provider goes: it will not come back by itself.
  public boolean stoppedForGood() {
    return seen.sight().stoppedForGood();
  }

  Rental with(Hold next) {
    return new Rental(
        ref, offer, price, askedAt, next, seen, aboard, job, position, quiet, salvage, meter,
        marks);
  }

  Rental with(Seen next) {
    return new Rental(
        ref, offer, price, askedAt, hold, next, aboard, job, position, quiet, salvage, meter,
        marks);
  }

  Rental with(Aboard next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, next, job, position, quiet, salvage, meter, marks);
  }

  Rental with(JobState next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, next, position, quiet, salvage, meter,
        marks);
  }

  Rental withPosition(long next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, job, next, quiet, salvage, meter, marks);
  }

  Rental with(Quiet next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, job, position, next, salvage, meter, marks);
  }

  /// What was brought home of its disk need not be all any more.
  Rental mayRun() {
    return salvage instanceof Salvage.Brought b && b.fenced()
        ? with(new Salvage.Brought(b.whole(), false, b.boot(), b.at()))
        : this;
  }

  Rental with(Salvage next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, job, position, quiet, next, meter, marks);
  }

  Rental with(Meter next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, job, position, quiet, salvage, next, marks);
  }

  Rental with(Marks next) {
    return new Rental(
        ref, offer, price, askedAt, hold, seen, aboard, job, position, quiet, salvage, meter, next);
  }

  Rental withPrice(UsdPerHour next) {
    return new Rental(
        ref, offer, next, askedAt, hold, seen, aboard, job, position, quiet, salvage, meter, marks);
  }
}
