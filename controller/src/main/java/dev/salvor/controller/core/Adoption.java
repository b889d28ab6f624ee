package dev.salvor.controller.core;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.RunState.Ended;
import java.time.Instant;
import java.util.Optional;

/// How a run begins: asked for, with a box that somebody else rented and that its owner gives up or
/// gives into our care, or with something of the account's that nobody here knows.
final class Adoption {
  private static final RentalRef ONLY = new RentalRef(1, 1);

  private Adoption() {}

  /// Empty for a fact that no run begins with.
  static Optional<RunState> begun(Fact fact) {
    if (fact instanceof Fact.RunRequested asked) {
      return Optional.of(RunState.requested(asked));
    }
    if (fact instanceof Fact.OrphanFound found) {
      return Optional.of(found(found));
    }
    if (fact instanceof Fact.VolumeFound found) {
      return Optional.of(found(found));
    }
    if (fact instanceof Fact.BoxAdopted taken) {
      return Optional.of(taken(taken));
    }
    return fact instanceof Fact.BoxAbandoned given ? Optional.of(given(given)) : Optional.empty();
  }

  private static RunState found(Fact.OrphanFound f) {
    RunState asked = RunState.requested(new Fact.RunRequested(f.at(), f.spec()));
    return asked
        .with(rental(f.at(), f.instance(), f.offer(), Rental.Marks.NONE))
        .with(new RunState.Will.LookOn());
  }

  private static RunState found(Fact.VolumeFound f) {
    RunState asked = RunState.requested(new Fact.RunRequested(f.at(), f.spec()));
    Learned.Standing standing = asked.learned().standing().burning(f.burn());
    return asked.with(asked.learned().with(standing)).with(new RunState.Will.LookOn());
  }

  static Ended over(Fact.VolumeGone f) {
    return new Ended.Yes(Fact.Ending.WOUND_DOWN, f.why(), f.at());
  }

  private static RunState taken(Fact.BoxAdopted f) {
    RunState asked = RunState.requested(new Fact.RunRequested(f.at(), f.spec()));
    Rental rental = rental(f.at(), f.instance(), f.offer(), Rental.Marks.NONE);
    return asked.with(rental.with(rental.aboard().with(Fit.FOREIGN)));
  }

  private static RunState given(Fact.BoxAbandoned f) {
    RunState asked = RunState.requested(new Fact.RunRequested(f.at(), f.spec()));
    return asked
        .with(rental(f.at(), f.instance(), f.offer(), Rental.Marks.NONE.abandon()))
        .with(new RunState.Will.WindDown("the user, who gave the box up", f.at()));
  }

  /// What it did before nobody knows: its disk may hold anything.
  private static Rental rental(Instant at, InstanceId instance, Offer offer, Rental.Marks marks) {
    return new Rental(
        ONLY,
        offer,
        offer.price(),
        at,
        new Rental.Hold.Held(instance),
        Seen.nothing(at, true),
        Aboard.nobody(Disk.OWN),
        new Rental.JobState.Idle(),
        0,
        new Rental.Quiet.No(),
        new Rental.Salvage.NotTried(0, at),
        Meter.begun(at),
        marks);
  }
}
