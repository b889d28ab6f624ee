package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.JobState;
import dev.salvor.controller.core.Rental.Quiet;
import dev.salvor.controller.core.Rental.Salvage;
import dev.salvor.controller.core.RunState.Ended;
import dev.salvor.controller.core.RunState.Intent;
import dev.salvor.controller.core.RunState.Notice;
import dev.salvor.controller.core.RunState.Will;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Folds facts into a run's state. Pure, total and idempotent where boxes may repeat themselves: a
/// fact about something unknown changes nothing.
public final class Fold {
  private static final Duration ORDER_REST = Duration.ofSeconds(10);

  private Fold() {}

  public static RunState begin(Fact.RunRequested fact) {
    return RunState.requested(fact);
  }

  /// Empty for a fact that no run begins with.
  public static Optional<RunState> first(Fact fact) {
    return Adoption.begun(fact);
  }

  public static RunState fold(RunState s, Fact fact) {
    return switch (fact) {
      case Fact.RunRequested _, Fact.BoxAbandoned _, Fact.BoxAdopted _ -> s;
      case Fact.OrphanFound _, Fact.VolumeFound _, Fact.Decided _, Fact.ControllerBack _ -> s;
      case Fact.Approved f -> s.approve(f.until());
      case Fact.BudgetChanged f -> s.with(f.budget());
      case Fact.Abandoned f -> update(s, f.rental(), r -> r.with(r.marks().abandon()));
      case Fact.CargoGivenUp f -> givenUp(s, f);
      case Fact.WindDownAsked f -> windDown(s, f);
      case Fact.HaltAsked f -> unprepared(s.with(new Will.Halt(f.by())));
      case Fact.NoticeAcknowledged f -> acknowledge(s, f);
      case Fact.RentalFound f -> found(s, f);
      case Fact.RentalAbsent f -> absent(s, f);
      case Fact.ProviderSaw f -> FoldLearned.saw(update(s, f.rental(), r -> saw(r, f)), f);
      case Fact.VerdictReached f -> verdict(s, f);
      case Fact.AgentJoined f -> joined(s, f);
      case Fact.JobStarted f -> FoldJob.started(s, f);
      case Fact.DrillAsked f -> FoldLearned.drill(s, f);
      case Fact.DrillMoved f -> s.with(s.learned().with(s.learned().drill().moved(f)));
      case Fact.GoalSeen f -> s.with(s.learned().aiming(f.totalSteps()));
      case Fact.CreditSeen f -> s.with(s.learned().with(s.learned().standing().with(f)));
      case Fact.FleetSpent f -> s.with(s.learned().with(s.learned().standing().with(f)));
      case Fact.Charged f -> s.with(s.learned().with(s.learned().standing().with(f)));
      case Fact.GateRefused f -> FoldGate.refused(s, f);
      case Fact.JobEnded f -> FoldJob.ended(s, f);
      case Fact.TaskDone f -> FoldJob.taskDone(s, f);
      case Fact.JobStalled f -> FoldJob.stalled(s, f);
      case Fact.JobMoving f -> FoldJob.moving(s, f);
      case Fact.LogMatched f -> Heard.matched(s, f);
      case Fact.LogAnswered f -> Heard.answered(s, f);
      case Fact.CheckpointAsked _ -> asked(s);
      case Fact.UnitSeen f -> FoldLearned.wrote(s, unitSeen(s, f), f);
      case Fact.Restored f -> restored(s, f);
      case Fact.Quiesced f -> update(s, f.rental(), r -> quiesced(r, f));
      case Fact.RoomShort f -> FoldPrune.roomShort(s, f);
      case Fact.Pruned f -> FoldPrune.pruned(s, f);
      case Fact.OrderFailed f -> orderFailed(s, f);
      case Fact.SelfStopped f -> update(s, f.rental(), r -> selfStopped(r, f));
      case Fact.ArmChosen f -> chosen(s, f);
      case Fact.Intended f -> intended(s, f);
      case Fact.Settled f -> FoldOutcome.fold(s, f);
      case Fact.Announced f -> announced(s, f);
      case Fact.VolumeGone f -> s.with(Adoption.over(f));
      case Fact.RunEnded f -> s.with(new Ended.Yes(f.ending(), f.why(), f.at()));
    };
  }

  static RunState update(RunState s, RentalRef ref, UnaryOperator<Rental> change) {
    Rental rental = s.rentals().get(ref);
    return rental == null ? s : s.with(change.apply(rental));
  }

  private static RunState chosen(RunState s, Fact.ArmChosen f) {
    return update(Blame.left(s, f), f.rental(), r -> r.with(r.marks().choose(f.arm(), f.at())));
  }

  private static RunState windDown(RunState s, Fact.WindDownAsked f) {
    return unprepared(s.with(new Will.WindDown(f.by(), f.at())).with(new Ended.No()));
  }

  private static RunState givenUp(RunState s, Fact.CargoGivenUp f) {
    Cargo next = s.cargo();
    for (UnitId unit : f.units()) {
      next = next.giveUp(unit, f.at());
    }
    return s.with(next);
  }

  /// Nobody needs a box to be made fit any more.
  private static RunState unprepared(RunState s) {
    return close(s, e -> e instanceof Effect.Prepare);
  }

  private static RunState acknowledge(RunState s, Fact.NoticeAcknowledged fact) {
    return s.withNotices(
        s.notices().stream().map(n -> n.number() == fact.notice() ? acknowledged(n) : n).toList());
  }

  private static Notice acknowledged(Notice n) {
    return new Notice(n.number(), n.at(), n.key(), n.what(), n.next(), true);
  }

  private static RunState announced(RunState s, Fact.Announced f) {
    if (s.announced(f.key())) {
      return s;
    }
    List<Notice> next = new ArrayList<>(s.notices());
    next.add(new Notice(next.size() + 1L, f.at(), f.key(), f.what(), f.next(), false));
    return s.withNotices(next);
  }

  private static RunState found(RunState s, Fact.RentalFound f) {
    RunState next = update(s, f.rental(), r -> found(r, f));
    return close(next, e -> e instanceof Effect.Create c && c.rental().equals(f.rental()));
  }

  /// One that was thought gone and is listed again exists, and what was asked of it did not take
  /// effect.
  private static Rental found(Rental r, Fact.RentalFound f) {
    Rental held = r.with(new Hold.Held(f.instance()));
    return r.hold() instanceof Hold.Gone ? held.with(r.marks().listedAgain()) : held;
  }

  private static RunState absent(RunState s, Fact.RentalAbsent f) {
    return update(
        s,
        f.rental(),
        r -> r.hold() instanceof Hold.Unclear u ? r.with(new Hold.Never(u.why())) : r);
  }

  private static Rental saw(Rental r, Fact.ProviderSaw f) {
    Sight sight = f.sight();
    boolean runs = sight.is(Sight.Status.RUNNING);
    boolean moved = sight.status() != r.seen().sight().status();
    Rental next =
        r.with(r.seen().see(sight, f.at())).with(r.meter().turn(sight.burn(), runs, f.at()));
    if (runs && moved) {
      next = next.with(new Salvage.NotTried(0, f.at()));
    } else if (!sight.stoppedForGood()) {
      // It may run between two looks, and on a host that is away.
      next = next.mayRun();
    }
    if (sight.is(Sight.Status.GONE) && r.hold() instanceof Hold.Held held) {
      next = next.with(new Hold.Gone(held.instance(), f.at()));
    }
    return next;
  }

  private static RunState verdict(RunState s, Fact.VerdictReached f) {
    RunState next =
        update(
            Blame.judged(s, f),
            f.rental(),
            r -> {
              Rental judged = r.with(r.seen().judge(f.verdict(), f.at()));
              return switch (f.verdict()) {
                case Verdict.Alive _ -> judged.with(judged.marks().forgetArms());
                case Verdict.Lost _ -> lost(judged);
                case Verdict.Unknown _, Verdict.Coming _, Verdict.Suspect _ -> judged;
              };
            });
    return f.verdict() instanceof Verdict.Lost
        ? FoldLearned.lost(s, close(next, e -> onBox(e, f.rental())), f)
        : next;
  }

  private static Rental lost(Rental r) {
    return r.job() instanceof JobState.Running ? r.with(new JobState.Idle()) : r;
  }

  private static boolean onBox(Effect effect, RentalRef ref) {
    return switch (effect) {
      case Effect.Tell tell -> tell.rental().equals(ref);
      case Effect.CopyOut copy -> copy.rental().equals(ref);
      case Effect.Prepare prepare -> prepare.rental().equals(ref);
      case Effect.Search _,
          Effect.Create _,
          Effect.Stop _,
          Effect.Raise _,
          Effect.Destroy _,
          Effect.ReadLog _,
          Effect.Withdraw _,
          Effect.Prune _,
          Effect.Rescue _ ->
          false;
    };
  }

  /// An agent that comes anew may have lost the copy it was at: it is asked again, and goes on at
  /// the block.
  private static RunState joined(RunState s, Fact.AgentJoined f) {
    RunState next = update(s, f.rental(), r -> joined(r, f));
    return close(next, e -> e instanceof Effect.CopyOut copy && copy.rental().equals(f.rental()));
  }

  private static Rental joined(Rental r, Fact.AgentJoined f) {
    Aboard a = r.aboard();
    if (f.boot() < a.boot()) {
      return r;
    }
    Rental next = r.with(r.seen().ran());
    if (f.boot() > a.boot()) {
      JobState job = f.jobRunning() ? new JobState.Running(f.boot(), f.at()) : afterBoot(r.job());
      next = next.withPosition(0).with(new Quiet.No()).with(job);
    }
    boolean idle = next.job() instanceof JobState.Idle && !f.jobRunning();
    int told = f.proceeded() ? f.boot() : idle ? f.boot() - 1 : a.told();
    Aboard now = a.joined(f.boot(), told);
    return next.with(f.jobRunning() ? now.own() : now);
  }

  /// A job that ended well has ended, whatever becomes of its box.
  private static JobState afterBoot(JobState job) {
    return job instanceof JobState.Ended ended && ended.well() ? ended : new JobState.Idle();
  }

  private static RunState asked(RunState s) {
    return s.current()
        .map(r -> s.with(r.with(r.aboard().with(r.aboard().starts().wanting()))))
        .orElse(s);
  }

  private static RunState unitSeen(RunState s, Fact.UnitSeen f) {
    Rental rental = s.rentals().get(f.rental());
    if (rental == null || f.unit().id().generation() != f.rental().generation()) {
      return s;
    }
    Cargo.Stowed stowed =
        new Cargo.Stowed(f.unit(), f.rental(), f.at(), new Cargo.Proof.None(0, f.at()));
    RunState next = s.with(s.cargo().see(stowed)).with(rental.with(rental.aboard().own()));
    long seq = f.unit().id().captureSeq();
    if (f.unit().id().boot() != rental.aboard().boot() || seq <= rental.position()) {
      return next;
    }
    Rental told = rental.with(rental.aboard().own());
    return next.with(told.withPosition(seq).with(new Quiet.No()));
  }

  /// What the job goes on from lies there whole.
  private static RunState restored(RunState s, Fact.Restored f) {
    return update(s, f.rental(), r -> r.with(r.aboard().own()).with(paid(s, r, f)));
  }

  private static Meter paid(RunState s, Rental r, Fact.Restored f) {
    return r.meter().moved(r.offer().download(s.cargo().bytes(f.unit())));
  }

  private static Rental quiesced(Rental r, Fact.Quiesced f) {
    boolean covers = f.boot() == r.aboard().boot() && f.position() >= r.position();
    boolean still = !(r.job() instanceof JobState.Running);
    return covers && still ? r.with(new Quiet.At(f.boot(), f.position(), f.jobEverStarted())) : r;
  }

  private static Rental selfStopped(Rental r, Fact.SelfStopped f) {
    Aboard a = r.aboard();
    return f.boot() == a.boot()
        ? r.with(a.with(a.farewell().stopped(f.boot(), f.then(), f.why())))
        : r;
  }

  private static RunState orderFailed(RunState s, Fact.OrderFailed f) {
    Intent intent = s.open().get(f.effect());
    if (intent != null) {
      return FoldOutcome.fold(
          s, new Fact.Settled(f.at(), f.effect(), new Outcome.Failed(f.why(), true)));
    }
    return update(
        s,
        f.rental(),
        r -> {
          Aboard a = r.aboard();
          Rental rested = r.with(r.marks().rest(f.at().plus(ORDER_REST)));
          return r.job() instanceof JobState.Idle ? rested.with(a.undelivered(a.boot())) : rested;
        });
  }

  private static RunState intended(RunState s, Fact.Intended f) {
    SortedMap<Long, Intent> open = new TreeMap<>(s.open());
    SortedMap<Long, Permit> permits = new TreeMap<>(s.permits());
    open.put(f.id(), new Intent(f.id(), f.effect(), f.at(), f.patience()));
    if (f.effect() instanceof Effect.Destroy destroy) {
      Optional<Permit> permit = Permits.mint(s, destroy.terms(), f.at());
      permit.ifPresent(p -> permits.put(f.id(), p));
    }
    RunState granted = s;
    if (f.effect() instanceof Effect.Withdraw withdraw) {
      Cargo.Withdrawing before = s.cargo().withdrawing();
      Optional<UnitPermit> permit = Withdrawals.mint(s, withdraw.terms(), f.at());
      granted = s.with(s.cargo().with(permit.map(p -> before.granted(f.id(), p)).orElse(before)));
    }
    if (f.effect() instanceof Effect.Prune prune) {
      granted = FoldPrune.granted(s, prune, f);
    }
    RunState next = granted.withOpen(open, permits, Math.max(s.nextEffect(), f.id() + 1));
    return switch (f.effect()) {
      case Effect.Create create -> next.with(Rental.asked(f.at(), create));
      case Effect.Raise raise -> update(next, raise.rental(), Rental::mayRun);
      case Effect.Tell tell -> update(next, tell.rental(), r -> told(r, tell, f.at()));
      case Effect.Prepare prepare ->
          update(
              next, prepare.rental(), r -> r.with(r.aboard().with(r.aboard().fit().tried(f.at()))));
      case Effect.Search _,
          Effect.Stop _,
          Effect.Destroy _,
          Effect.ReadLog _,
          Effect.Withdraw _,
          Effect.Prune _,
          Effect.CopyOut _,
          Effect.Rescue _ ->
          next;
    };
  }

  private static Rental told(Rental r, Effect.Tell tell, Instant at) {
    Aboard a = r.aboard();
    return switch (tell.order()) {
      case AgentOrder.Proceed _, AgentOrder.ProceedFrom _ -> {
        boolean again = r.job() instanceof JobState.Ended;
        Aboard next = a.ordered(tell.boot(), again);
        yield again ? r.with(next).with(new JobState.Idle()) : r.with(next);
      }
      case AgentOrder.AskCheckpoint _ -> r.with(a.with(a.starts().asked(at)));
      case AgentOrder.Quiesce _, AgentOrder.StopJob _, AgentOrder.StopHung _, AgentOrder.Fence _ ->
          r;
    };
  }

  /// Forgets open effects that no longer matter.
  static RunState close(RunState s, Predicate<Effect> moot) {
    SortedMap<Long, Intent> open = new TreeMap<>(s.open());
    open.values().removeIf(intent -> moot.test(intent.effect()));
    return s.withOpen(open, s.permits(), s.nextEffect());
  }

  static Instant later(Instant at, int failures) {
    long seconds = Math.min(60, 1L << Math.min(6, Math.max(0, failures)));
    return at.plusSeconds(seconds);
  }
}
