package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Rental.Hold;
import dev.salvor.controller.core.Rental.Salvage;
import dev.salvor.controller.core.RunState.Intent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Folds the outcomes of effects. An outcome of an effect that is no longer open changes nothing,
/// but for receipts: what is proven is proven.
final class FoldOutcome {
  private static final int MAX_RESCUES = 3;
  private static final int REST_STEP = 2;
  private static final int STOP_SHOWS = 3;

  /// One that is listed longer than this after its erasure was accepted, is erased again.
  private static final Duration ERASED_SHOWS = Duration.ofMinutes(5);

  /// A disk that could not be read is tried again for as long as it is there.
  private static final Duration RESCUE_AGAIN = Duration.ofMinutes(10);

  /// A login that comes up is noticed within seconds.
  private static final int MOST_DOUBLINGS_OF_A_LOGIN = 3;

  /// An agent that was put on a box speaks within this, or is put there again.
  private static final Duration BOARDED_AGAIN = Duration.ofMinutes(2);

  private FoldOutcome() {}

  static RunState fold(RunState s, Fact.Settled f) {
    Intent intent = s.open().get(f.id());
    if (intent == null) {
      return f.outcome() instanceof Outcome.Landed landed ? prove(s, landed.receipt(), f.at()) : s;
    }
    SortedMap<Long, Intent> open = new TreeMap<>(s.open());
    SortedMap<Long, Permit> permits = new TreeMap<>(s.permits());
    open.remove(f.id());
    permits.remove(f.id());
    RunState closed = s.withOpen(open, permits, s.nextEffect());
    return switch (intent.effect()) {
      case Effect.Search _ -> searched(closed, f);
      case Effect.Create create -> created(closed, create, f);
      case Effect.Stop stop -> stopped(closed, stop, f);
      case Effect.Raise raise -> raised(closed, raise, f);
      case Effect.Destroy destroy -> destroyed(closed, destroy, f);
      case Effect.Tell tell -> told(closed, tell, f);
      case Effect.Prepare prepare -> prepared(closed, prepare, f);
      case Effect.ReadLog read -> logRead(closed, read, f);
      case Effect.Withdraw withdraw -> withdrawn(closed, withdraw, f);
      case Effect.Prune prune -> FoldPrune.settled(closed, prune, f);
      case Effect.CopyOut copy -> FoldLearned.carried(copied(closed, copy, f), intent, f);
      case Effect.Rescue rescue -> rescued(closed, rescue, intent.since(), f);
    };
  }

  private static RunState withdrawn(RunState s, Effect.Withdraw withdraw, Fact.Settled f) {
    boolean done = f.outcome() instanceof Outcome.Done;
    Cargo settled = s.cargo().with(s.cargo().withdrawing().settled(f.id(), done, f.at()));
    return s.with(done ? settled.withdrawn(withdraw.terms().unit(), f.at()) : settled);
  }

  private static RunState searched(RunState s, Fact.Settled f) {
    RunState.Market m = s.market();
    return switch (f.outcome()) {
      case Outcome.Offers o when o.offers().isEmpty() ->
          s.with(m.tired("no offer fits the query", f.at()));
      case Outcome.Offers o -> FoldLearned.quoted(s.with(m.listed(o, f.at())), o, f.at());
      case Outcome.Failed failed -> s.with(m.tired(failed.why(), f.at()));
      case Outcome.Done _,
          Outcome.Created _,
          Outcome.Refused _,
          Outcome.Unclear _,
          Outcome.Said _,
          Outcome.Landed _,
          Outcome.Rescued _ ->
          s.with(m.tired("an answer of the wrong kind", f.at()));
    };
  }

  private static RunState created(RunState s, Effect.Create create, Fact.Settled f) {
    Rental rental = s.rentals().get(create.rental());
    if (rental == null || rental.held()) {
      return s;
    }
    return switch (f.outcome()) {
      case Outcome.Created made -> s.with(rental.with(new Hold.Held(made.instance())));
      case Outcome.Refused no -> never(s, rental, no.why(), f.at());
      // It never left us: the machine is not to blame.
      case Outcome.Failed no ->
          s.with(rental.with(new Hold.Never(no.why()))).with(s.market().tired(no.why(), f.at()));
      case Outcome.Unclear lost -> s.with(rental.with(new Hold.Unclear(lost.why())));
      case Outcome.Done _, Outcome.Offers _, Outcome.Said _, Outcome.Landed _, Outcome.Rescued _ ->
          s.with(rental.with(new Hold.Unclear("an answer of the wrong kind")));
    };
  }

  private static RunState never(RunState s, Rental rental, String why, Instant at) {
    return s.with(rental.with(new Hold.Never(why)))
        .with(s.market().tired(why, at).avoiding(rental.offer().machine()));
  }

  private static RunState stopped(RunState s, Effect.Stop stop, Fact.Settled f) {
    return Fold.update(
        s,
        stop.rental(),
        r -> f.outcome() instanceof Outcome.Done ? restStopped(r, f.at()) : rest(r, f.at()));
  }

  /// It takes a sweep until the provider's list shows it.
  private static Rental restStopped(Rental r, Instant at) {
    return r.with(r.marks().stopped(true).rest(Fold.later(at, STOP_SHOWS)));
  }

  private static Rental rest(Rental r, Instant at) {
    return r.with(r.marks().rest(Fold.later(at, REST_STEP)));
  }

  private static RunState raised(RunState s, Effect.Raise raise, Fact.Settled f) {
    return Fold.update(
        s,
        raise.rental(),
        r ->
            f.outcome() instanceof Outcome.Done
                ? r.withPrice(raise.bid()).with(r.marks().stopped(false)).with(r.seen().bidAnew())
                : r.with(r.marks().armFailed()));
  }

  private static RunState destroyed(RunState s, Effect.Destroy destroy, Fact.Settled f) {
    return Fold.update(
        s,
        destroy.terms().rental(),
        r ->
            f.outcome() instanceof Outcome.Done
                ? r.with(r.marks().erased().rest(f.at().plus(ERASED_SHOWS)))
                : eraseFailed(r, f.at()));
  }

  private static Rental eraseFailed(Rental r, Instant at) {
    int failures = r.marks().eraseFailures() + 1;
    return r.with(r.marks().eraseFailed().rest(Fold.later(at, REST_STEP + failures)));
  }

  private static RunState told(RunState s, Effect.Tell tell, Fact.Settled f) {
    boolean starts =
        switch (tell.order()) {
          case AgentOrder.Proceed _, AgentOrder.ProceedFrom _ -> true;
          case AgentOrder.Quiesce _,
              AgentOrder.StopJob _,
              AgentOrder.StopHung _,
              AgentOrder.AskCheckpoint _,
              AgentOrder.Fence _ ->
              false;
        };
    boolean done = f.outcome() instanceof Outcome.Done;
    return Fold.update(
        s,
        tell.rental(),
        r -> {
          Aboard a = r.aboard();
          // Each order rests a little also when delivered: what it asks for takes its time.
          Rental rested = rest(r, f.at());
          if (tell.order() instanceof AgentOrder.Fence && done) {
            return rested.with(a.with(a.farewell().fenced(tell.boot())));
          }
          if (!starts || a.boot() != tell.boot()) {
            return rested;
          }
          Aboard now = done ? a.delivered(tell.boot()) : a.undelivered(tell.boot());
          // One that begins from nothing brought begins at once.
          return rested.with(done && tell.order() instanceof AgentOrder.Proceed ? now.own() : now);
        });
  }

  /// No answer is an answer: the box is not waited for any longer.
  private static RunState logRead(RunState s, Effect.ReadLog read, Fact.Settled f) {
    List<String> lines = f.outcome() instanceof Outcome.Said said ? said.lines() : List.of();
    return Fold.update(s, read.rental(), r -> r.with(r.seen().heard(lines, f.at())));
  }

  private static RunState prepared(RunState s, Effect.Prepare prepare, Fact.Settled f) {
    return Fold.update(
        s,
        prepare.rental(),
        r -> {
          Fit fit = r.aboard().fit();
          return r.with(r.aboard().with(fit(fit, f.outcome(), f.at())));
        });
  }

  private static Fit fit(Fit fit, Outcome outcome, Instant at) {
    Instant again = Fold.later(at, Math.min(fit.failures() + 1, MOST_DOUBLINGS_OF_A_LOGIN));
    return switch (outcome) {
      case Outcome.Done _ -> fit.done(at.plus(BOARDED_AGAIN));
      case Outcome.Refused no -> fit.failed(no.why(), Fit.Fault.OURS, again);
      case Outcome.Failed no when no.retryable() -> fit.failed(no.why(), Fit.Fault.PASSING, again);
      case Outcome.Failed no -> fit.failed(no.why(), Fit.Fault.BOX, again);
      case Outcome.Offers _,
          Outcome.Created _,
          Outcome.Unclear _,
          Outcome.Said _,
          Outcome.Landed _,
          Outcome.Rescued _ ->
          fit.failed("an answer of the wrong kind", Fit.Fault.PASSING, again);
    };
  }

  private static RunState copied(RunState s, Effect.CopyOut copy, Fact.Settled f) {
    if (f.outcome() instanceof Outcome.Landed landed) {
      return prove(s, landed.receipt(), f.at());
    }
    Cargo.Stowed stowed = s.cargo().units().get(copy.unit().id());
    if (stowed == null || !(stowed.proof() instanceof Cargo.Proof.None none)) {
      return s;
    }
    int failures = none.failures() + 1;
    Cargo.Proof tired = new Cargo.Proof.None(failures, Fold.later(f.at(), failures));
    return s.with(
        s.cargo().put(new Cargo.Stowed(stowed.unit(), stowed.on(), stowed.seenAt(), tired)));
  }

  private static RunState rescued(RunState s, Effect.Rescue rescue, Instant begun, Fact.Settled f) {
    Rental rental = s.rentals().get(rescue.rental());
    if (rental == null) {
      return s;
    }
    if (f.outcome() instanceof Outcome.Rescued brought) {
      RunState next = s;
      for (Outcome.RescuedUnit unit : brought.units()) {
        next =
            prove(
                next.with(next.cargo().see(stow(unit.unit(), rescue.rental(), f.at()))),
                unit.receipt(),
                f.at());
      }
      boolean fenced = !begun.isBefore(rental.seen().fencedSince());
      Salvage done =
          new Salvage.Brought(brought.listedWhole(), fenced, rental.aboard().boot(), f.at());
      return Fold.update(next, rescue.rental(), r -> r.with(done));
    }
    if (rental.seen().statusSince().isAfter(begun)) {
      // It came back, or was stopped anew, in the middle: that it failed says nothing of the disk.
      return s.with(rental.with(new Salvage.NotTried(0, Fold.later(f.at(), 1))));
    }
    boolean again = f.outcome() instanceof Outcome.Failed failed && failed.retryable();
    String why =
        f.outcome() instanceof Outcome.Failed failed ? failed.why() : "an answer of the wrong kind";
    int failures = rental.salvage() instanceof Salvage.NotTried tried ? tried.failures() + 1 : 1;
    Salvage next =
        again && failures < MAX_RESCUES
            ? new Salvage.NotTried(failures, Fold.later(f.at(), failures))
            : new Salvage.GivenUp(why, f.at().plus(RESCUE_AGAIN));
    return s.with(rental.with(next));
  }

  private static Cargo.Stowed stow(Unit unit, RentalRef on, Instant at) {
    return new Cargo.Stowed(unit, on, at, new Cargo.Proof.None(0, at));
  }

  /// A receipt came: the unit is safe, and the frontier may move on.
  static RunState prove(RunState s, Receipt receipt, Instant at) {
    Cargo.Stowed stowed = s.cargo().units().get(receipt.unit());
    if (stowed == null || Cargo.proven(stowed)) {
      return s;
    }
    Cargo cargo =
        s.cargo()
            .put(
                new Cargo.Stowed(
                    stowed.unit(),
                    stowed.on(),
                    stowed.seenAt(),
                    new Cargo.Proof.Proven(receipt, at)));
    Cargo moved =
        inLineage(s, stowed) ? cargo.withFrontier(advance(cargo.frontier(), stowed.unit())) : cargo;
    RunState paid =
        Fold.update(
            s.with(moved),
            stowed.on(),
            r -> r.with(r.meter().moved(r.offer().upload(stowed.unit().manifest().bytes()))));
    // However it came home, nobody needs to copy it any more.
    return Fold.close(
        paid, e -> e instanceof Effect.CopyOut copy && copy.unit().id().equals(receipt.unit()));
  }

  /// Whether the current generation resumed from this unit, or wrote it, or may still resume from
  /// it.
  private static boolean inLineage(RunState s, Cargo.Stowed stowed) {
    List<Rental> later =
        s.rentals().tailMap(stowed.on()).values().stream()
            .filter(r -> !r.ref().equals(stowed.on()))
            .toList();
    return stowed.unit().kind() == UnitKind.CHECKPOINT
        && later.stream().allMatch(r -> r.aboard().told() == 0);
  }

  private static Cargo.Frontier advance(Cargo.Frontier frontier, Unit unit) {
    return switch (frontier) {
      case Cargo.Frontier.None _ -> new Cargo.Frontier.At(unit.id(), unit.step());
      case Cargo.Frontier.At at ->
          unit.step() > at.step() ? new Cargo.Frontier.At(unit.id(), unit.step()) : at;
    };
  }
}
