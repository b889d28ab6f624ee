package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Something that happened to one run. Facts are journaled and folded, in order; nothing else
/// changes a run's state.
public sealed interface Fact {
  /// When the controller learned it.
  Instant at();

  // What the user says.

  record RunRequested(Instant at, RunSpec spec) implements Fact {}

  /// The user typed what would be lost with a box that no run of ours rented: a run begins whose
  /// only box it is, and which ends with it.
  ///
  /// @param offer what the platform says of its machine
  record BoxAbandoned(Instant at, RunSpec spec, InstanceId instance, Offer offer, String typed)
      implements Fact {}

  /// A box that its owner rented by hand is looked after from now on: a run begins whose first box
  /// it is.
  ///
  /// @param offer what the platform says of its machine
  record BoxAdopted(Instant at, RunSpec spec, InstanceId instance, Offer offer) implements Fact {}

  /// The platform lists a rental under our fleet's name that no run of ours knows: a run begins
  /// whose only box it is, and which does nothing but show it.
  ///
  /// @param label as it is listed
  record OrphanFound(
      Instant at, RunSpec spec, InstanceId instance, Offer offer, String label, UsdPerHour burn)
      implements Fact {}

  /// The account has a volume that bills and that no run of ours uses: a run begins that has no box
  /// and does nothing but show it.
  ///
  /// @param burn zero where nobody says
  record VolumeFound(Instant at, RunSpec spec, UsdPerHour burn) implements Fact {}

  /// The volume that a run shows need not be shown any more.
  record VolumeGone(Instant at, String why) implements Fact {}

  /// Boxes of the run may be destroyed.
  ///
  /// @param until when the yes lapses
  record Approved(Instant at, String by, Instant until) implements Fact {
    /// One that holds for as long as the run does.
    public static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    public Approved(Instant at, String by) {
      this(at, by, FOREVER);
    }
  }

  /// The run may cost so much, from now on.
  record BudgetChanged(Instant at, Usd budget, String by) implements Fact {}

  /// The user typed what would be lost, and gives it up.
  record Abandoned(Instant at, RentalRef rental, String typed) implements Fact {}

  /// These units are not brought home: the user gave them up, and knows what goes with the box.
  record CargoGivenUp(Instant at, RentalRef rental, List<UnitId> units, String what)
      implements Fact {
    public CargoGivenUp {
      units = List.copyOf(units);
    }
  }

  /// Bring everything home and end.
  record WindDownAsked(Instant at, String by) implements Fact {}

  /// Stop the meter at once; keep the disk.
  record HaltAsked(Instant at, String by) implements Fact {}

  /// Ask the job for a checkpoint now.
  record CheckpointAsked(Instant at, String by) implements Fact {}

  /// Stop the box and start it again, to see that the job survives it.
  record DrillAsked(Instant at, String by) implements Fact {}

  record NoticeAcknowledged(Instant at, long notice) implements Fact {}

  // What the evidence says.

  /// A listed rental carries our label: the answer to a lost creation, a late twin, or one we had
  /// given up for absent.
  record RentalFound(Instant at, RentalRef rental, InstanceId instance) implements Fact {}

  /// No rental with this label in three complete lists over 90 seconds: it never was.
  record RentalAbsent(Instant at, RentalRef rental) implements Fact {}

  record ProviderSaw(Instant at, RentalRef rental, Sight sight) implements Fact {}

  /// What is thought of a box changed.
  ///
  /// @param evidence what it rests on, each with its age, one line each
  record VerdictReached(Instant at, RentalRef rental, Verdict verdict, List<String> evidence)
      implements Fact {
    public VerdictReached {
      evidence = List.copyOf(evidence);
    }

    public VerdictReached(Instant at, RentalRef rental, Verdict verdict) {
      this(at, rental, verdict, List.of());
    }
  }

  /// What is left of the account's credit, and how long it lasts: a new step of few.
  ///
  /// @param burn all rentals of the fleet together
  /// @param hours whole hours that are left, rounded down to a step; MAX_VALUE for long enough
  record CreditSeen(Instant at, Usd credit, UsdPerHour burn, long hours) implements Fact {}

  /// All runs together have spent so much of a cap on them all.
  ///
  /// @param percent the last step that was reached: 0, 80, 95 or 100
  record FleetSpent(Instant at, Span span, int percent, Usd spent, Usd cap) implements Fact {
    static FleetSpent nothing(Span span) {
      return new FleetSpent(Instant.EPOCH, span, 0, Usd.ZERO, Usd.ZERO);
    }
  }

  /// What a cap on the fleet is reckoned over.
  enum Span {
    DAY,
    ALL
  }

  /// The provider's bill for a rental and our meter began to differ, or agree again.
  ///
  /// @param metered what our meter showed for the same time
  record Charged(Instant at, RentalRef rental, Usd charged, Usd metered, boolean apart)
      implements Fact {}

  // What the box says.

  record AgentJoined(Instant at, RentalRef rental, int boot, boolean jobRunning, boolean proceeded)
      implements Fact {}

  /// The job runs.
  ///
  /// @param start counts the starts of this boot from 1
  record JobStarted(Instant at, RentalRef rental, int boot, int start) implements Fact {
    public JobStarted(Instant at, RentalRef rental, int boot) {
      this(at, rental, boot, 1);
    }
  }

  record JobEnded(
      Instant at,
      RentalRef rental,
      int boot,
      int exitCode,
      String cause,
      List<String> tail,
      int start)
      implements Fact {
    public JobEnded {
      tail = List.copyOf(tail);
    }

    public JobEnded(
        Instant at, RentalRef rental, int boot, int exitCode, String cause, List<String> tail) {
      this(at, rental, boot, exitCode, cause, tail, 1);
    }
  }

  /// A task of the job's list had its turn, by the digest of its text: no later generation runs it.
  ///
  /// @param exit 0 where it ended well
  record TaskDone(Instant at, RentalRef rental, int boot, String digest, String text, int exit)
      implements Fact {
    public TaskDone(Instant at, RentalRef rental, int boot, String digest, String text) {
      this(at, rental, boot, digest, text, 0);
    }
  }

  /// The job runs, and shows no sign of moving on.
  record JobStalled(Instant at, RentalRef rental, int boot, int start, String why)
      implements Fact {}

  /// A job that had stalled moves again.
  record JobMoving(Instant at, RentalRef rental, int boot, int start) implements Fact {}

  /// A line of the job's log fits a policy of its user's.
  ///
  /// @param policy which of them, counted from 1
  record LogMatched(Instant at, RentalRef rental, int boot, int start, int policy, String line)
      implements Fact {}

  /// The job's log names the step at which it will end.
  record GoalSeen(Instant at, RentalRef rental, long totalSteps) implements Fact {}

  /// The box found that it is not fit for its job, and did not start it.
  ///
  /// @param check which check found it, in a word
  /// @param filter what would have avoided its offer; "" where nothing would
  /// @param jobEverStarted whether one was started on its disk before
  record GateRefused(
      Instant at,
      RentalRef rental,
      int boot,
      String check,
      String evidence,
      String filter,
      boolean jobEverStarted)
      implements Fact {}

  record UnitSeen(Instant at, RentalRef rental, Unit unit) implements Fact {}

  record Quiesced(Instant at, RentalRef rental, int boot, long position, boolean jobEverStarted)
      implements Fact {}

  record Restored(Instant at, RentalRef rental, UnitId unit) implements Fact {}

  /// A disk will be full before the next checkpoint is, and what the box could give by itself is
  /// given.
  ///
  /// @param place where it is mounted
  /// @param lack "bytes" or "inodes"
  record RoomShort(Instant at, RentalRef rental, int boot, String place, String lack)
      implements Fact {}

  /// A unit does not lie on the box's disk any more; its copy is kept.
  record Pruned(Instant at, RentalRef rental, UnitId unit) implements Fact {}

  /// An order came back undone; its effect id says which.
  record OrderFailed(Instant at, RentalRef rental, long effect, String why) implements Fact {}

  /// The box asked the platform to stop it, since its lease had lapsed without a controller.
  ///
  /// @param then when, by the box's clock
  record SelfStopped(Instant at, RentalRef rental, int boot, Instant then, String why)
      implements Fact {}

  // What the controller itself does.

  /// It is back after an absence that may matter.
  ///
  /// @param since when it last wrote something down about this run
  record ControllerBack(Instant at, Instant since) implements Fact {}

  record Decided(Instant at, String rule, String what, String why, List<String> evidence)
      implements Fact {
    public Decided {
      evidence = List.copyOf(evidence);
    }
  }

  record Intended(Instant at, long id, Effect effect, Duration patience) implements Fact {}

  record Settled(Instant at, long id, Outcome outcome) implements Fact {}

  /// What the policy asks for is begun; or it was followed often enough, and that was told.
  record LogAnswered(Instant at, RentalRef rental, int boot, int start, int policy, String line)
      implements Fact {}

  /// A drill went on by a stage.
  record DrillMoved(Instant at, RentalRef rental, Drill.Stage stage) implements Fact {}

  /// What becomes of a lost rental.
  record ArmChosen(Instant at, RentalRef rental, Arm arm) implements Fact {}

  /// Told to the user, by every verb, until acknowledged. One key is announced once.
  record Announced(Instant at, String key, String what, String next) implements Fact {}

  record RunEnded(Instant at, Ending ending, String why) implements Fact {}

  /// How a run ended.
  enum Ending {
    /// The job ended well, everything is home, nothing runs.
    DONE,
    /// The job failed, everything it left is home, nothing runs.
    FAILED,
    /// The user or the budget ended it, everything is home, nothing runs.
    WOUND_DOWN,
    /// It cannot go on by itself: an announcement says what a person must do.
    PARKED
  }
}
