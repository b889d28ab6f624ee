package dev.salvor.controller.core;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.MachineId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells what happened to a run, a fact a line, for tests of the core.
public final class Story {
  public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  public static final RunId RUN = new RunId("tale");
  public static final RentalRef ONE = new RentalRef(1, 1);
  public static final RentalRef TWO = new RentalRef(2, 1);
  public static final UsdPerHour STORAGE = UsdPerHour.of(0.01);

  private final List<Fact> facts = new ArrayList<>();
  private RunState state;
  private Instant now = BEGIN;

  private Story(RunSpec spec) {
    Fact.RunRequested begin = new Fact.RunRequested(now, spec);
    facts.add(begin);
    state = Fold.begin(begin);
  }

  /// A run that was approved beforehand and destroys its box at the end.
  public static Story begin() {
    return of(RunSpec.After.DESTROY, true);
  }

  public static Story of(RunSpec.After after, boolean approved) {
    return of(spec(new RunSpec.Finish(after, approved)));
  }

  public static Story of(RunSpec spec) {
    return new Story(spec);
  }

  /// As `begin`, to be over by then.
  public static Story due(Instant deadline) {
    RunSpec s = spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    return new Story(
        new RunSpec(
            s.run(), s.job(), s.market(), s.box(), s.finish(), s.budget(), Optional.of(deadline)));
  }

  /// A job that trains on its first box, and whose user keeps these of its checkpoints.
  public static Story keeping(Retention retention) {
    return of(keepingSpec(retention)).rented(ONE).trains(ONE, 1);
  }

  public static RunSpec keepingSpec(Retention retention) {
    RunSpec spec = spec(new RunSpec.Finish(RunSpec.After.DESTROY, true));
    RunSpec.Job job = spec.job();
    RunSpec.Care none = RunSpec.Care.NONE;
    RunSpec.Care care =
        new RunSpec.Care(
            none.tasks(),
            none.envFirst(),
            none.envResume(),
            none.listens(),
            none.scratch(),
            none.secrets(),
            none.checkpointEvery(),
            none.verify(),
            none.targets(),
            retention,
            none.goOn(),
            none.onLog());
    return spec.with(
        new RunSpec.Job(
            job.command(),
            job.workdir(),
            job.env(),
            job.checkpointRoots(),
            job.resultRoots(),
            care));
  }

  public static RunSpec spec(RunSpec.Finish finish) {
    return new RunSpec(
        RUN,
        new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of("/results")),
        new RunSpec.Market("image", "", 10, true, UsdPerHour.of(1)),
        finish,
        Usd.of(10));
  }

  public static Offer offer(long id, double price) {
    UsdPerHour full = UsdPerHour.of(price);
    return new Offer(
        id, new MachineId(id), "RTX 4090", 1, full, full.times(0.5), STORAGE, 0, 0, 0.99, "here");
  }

  public static InstanceId instance(RentalRef ref) {
    return new InstanceId(7000 + ref.generation() * 10L + ref.attempt());
  }

  public static Sight sight(Sight.Status status, Sight.Wanted wanted) {
    UsdPerHour burn = status == Sight.Status.RUNNING ? UsdPerHour.of(0.3) : STORAGE;
    return new Sight(status, wanted, true, burn, UsdPerHour.of(0.2), status.toString());
  }

  public RunState state() {
    return state;
  }

  public Rental rental(RentalRef ref) {
    return Optional.ofNullable(state.rentals().get(ref)).orElseThrow();
  }

  public Instant now() {
    return now;
  }

  public List<Fact> facts() {
    return List.copyOf(facts);
  }

  public Story after(Duration time) {
    now = now.plus(time);
    return this;
  }

  public Story fact(Fact fact) {
    facts.add(fact);
    state = Fold.fold(state, fact);
    return this;
  }

  public Story intend(Effect effect) {
    return fact(new Fact.Intended(now, state.nextEffect(), effect, Duration.ofMinutes(5)));
  }

  /// The newest effect ends so.
  public Story settle(Outcome outcome) {
    return fact(new Fact.Settled(now, state.nextEffect() - 1, outcome));
  }

  public Story offers(Offer... offers) {
    return intend(new Effect.Search()).settle(new Outcome.Offers(List.of(offers)));
  }

  public Story asked(RentalRef ref) {
    Offer offer = offer(ref.generation() * 10L + ref.attempt(), 0.5);
    return intend(new Effect.Create(ref, offer, UsdPerHour.of(0.3), true));
  }

  /// A rental that the provider shows running.
  public Story rented(RentalRef ref) {
    return asked(ref)
        .settle(new Outcome.Created(instance(ref)))
        .saw(ref, Sight.Status.RUNNING, Sight.Wanted.RUNNING);
  }

  public Story saw(RentalRef ref, Sight.Status status, Sight.Wanted wanted) {
    return fact(new Fact.ProviderSaw(now, ref, sight(status, wanted)));
  }

  /// It runs, under a contract that ends then.
  public Story sawEnding(RentalRef ref, Instant end) {
    Sight s = sight(Sight.Status.RUNNING, Sight.Wanted.RUNNING);
    Optional<Instant> ends = Optional.of(end);
    return fact(
        new Fact.ProviderSaw(
            now,
            ref,
            new Sight(s.status(), s.wanted(), s.bid(), s.burn(), s.minBid(), s.words(), ends)));
  }

  public Story verdict(RentalRef ref, Verdict verdict) {
    return fact(new Fact.VerdictReached(now, ref, verdict));
  }

  public Story joined(RentalRef ref, int boot) {
    return fact(new Fact.AgentJoined(now, ref, boot, false, false))
        .verdict(ref, new Verdict.Alive());
  }

  /// Told to start, and started.
  public Story trains(RentalRef ref, int boot) {
    return joined(ref, boot)
        .intend(new Effect.Tell(ref, boot, new AgentOrder.Proceed()))
        .settle(new Outcome.Done())
        .fact(new Fact.JobStarted(now, ref, boot));
  }

  public Story ended(RentalRef ref, int boot, int exit, String cause) {
    return fact(new Fact.JobEnded(now, ref, boot, exit, cause, List.of()));
  }

  public Story quiesced(RentalRef ref, int boot, long position) {
    return fact(new Fact.Quiesced(now, ref, boot, position, true));
  }

  public Story seen(RentalRef ref, Unit unit) {
    return fact(new Fact.UnitSeen(now, ref, unit));
  }

  /// Seen, copied out and proven.
  public Story safe(RentalRef ref, Unit unit) {
    return seen(ref, unit).landed(ref, unit);
  }

  public Story landed(RentalRef ref, Unit unit) {
    return intend(new Effect.CopyOut(ref, unit)).settle(new Outcome.Landed(receipt(unit)));
  }

  /// Paused for good, as the provider says.
  public Story fenced(RentalRef ref) {
    return saw(ref, Sight.Status.STOPPED, Sight.Wanted.STOPPED)
        .verdict(ref, new Verdict.Lost(Verdict.Cause.STOPPED, "stopped"));
  }

  /// Paused by a higher bid.
  public Story outbid(RentalRef ref) {
    return saw(ref, Sight.Status.STOPPED, Sight.Wanted.RUNNING)
        .verdict(ref, new Verdict.Lost(Verdict.Cause.OUTBID, "outbid"));
  }

  public Story rescued(RentalRef ref, boolean whole, Unit... units) {
    List<Outcome.RescuedUnit> brought =
        Set.of(units).stream().map(u -> new Outcome.RescuedUnit(u, receipt(u))).toList();
    return intend(new Effect.Rescue(ref, instance(ref)))
        .after(Duration.ofSeconds(20))
        .settle(new Outcome.Rescued(brought, whole, List.of()));
  }

  public static Receipt receipt(Unit unit) {
    return new Receipt(unit.id(), "receipts/" + unit.id(), false);
  }

  public static Unit checkpoint(RentalRef ref, int boot, long seq, long step) {
    return checkpoint(ref, boot, seq, step, "model");
  }

  /// One of several models that are saved side by side.
  public static Unit checkpoint(RentalRef ref, int boot, long seq, long step, String model) {
    Manifest manifest = manifest("/work/step-" + step, model, ref + " " + boot + " " + seq);
    UnitId id = new UnitId(ref.generation(), boot, seq, manifest.digest());
    return new Unit(id, UnitKind.CHECKPOINT, "test", step, Completeness.COMMITTED, manifest, BEGIN);
  }

  /// What lies there still, seen anew under another number.
  public static Unit again(Unit unit, RentalRef ref, int boot, long seq) {
    return new Unit(
        new UnitId(ref.generation(), boot, seq, unit.manifest().digest()),
        unit.kind(),
        unit.format(),
        unit.step(),
        unit.completeness(),
        unit.manifest(),
        unit.writtenAt());
  }

  public static Unit results(RentalRef ref, int boot, long seq) {
    Manifest manifest = manifest("/results", "model", ref + " " + boot + " " + seq);
    UnitId id = new UnitId(ref.generation(), boot, seq, manifest.digest());
    return new Unit(id, UnitKind.RESULTS, "test", 0, Completeness.COMMITTED, manifest, BEGIN);
  }

  private static Manifest manifest(String root, String file, String origin) {
    String text = root + " " + file + " " + origin;
    Sha256 digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    return new Manifest(root, List.of(new FileEntry(file, 100, digest)));
  }
}
