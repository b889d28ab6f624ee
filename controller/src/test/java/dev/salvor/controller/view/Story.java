package dev.salvor.controller.view;

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
import dev.salvor.controller.core.Cargo;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.Offer;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Receipt;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// A run's history, made fact by fact, with a clock of its own.
public final class Story {
  public static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  public static final RentalRef FIRST = new RentalRef(1, 1);

  private final List<Fact> facts = new ArrayList<>();
  private final RunId run;
  private Live live = Live.NONE;
  private Instant now = START;
  private long effects;
  private int captures;

  private Story(RunId run) {
    this.run = run;
  }

  /// A run that was just asked for.
  public static Story asked(String name) {
    Story story = new Story(new RunId(name));
    return story.then(new Fact.RunRequested(story.now, spec(name)));
  }

  /// A volume of the account's that is only shown.
  public static Story volume(String name) {
    Story story = new Story(new RunId(name));
    return story.then(new Fact.VolumeFound(story.now, spec(name), UsdPerHour.of(0.01)));
  }

  /// One that trains on its first box, with a checkpoint home at step 300 and one at 400 that is
  /// not.
  public static Story training(String name) {
    return asked(name)
        .rents(FIRST, 7001)
        .joins(FIRST, 1)
        .after(2)
        .lands(FIRST, 300)
        .after(3)
        .sees(FIRST, 400)
        .beat(FIRST, 412, 2.25, "step 412/1500 loss 2.2500");
  }

  public static RunSpec spec(String name) {
    return new RunSpec(
        new RunId(name),
        new RunSpec.Job(
            "java CharLm.java", "/workspace", Map.of(), List.of("/workspace"), List.of("/work")),
        new RunSpec.Market("image", "gpu_name=RTX_4090", 10, true, UsdPerHour.of(1)),
        new RunSpec.Finish(RunSpec.After.DESTROY, true),
        Usd.of(1));
  }

  public Story after(int seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  public Story then(Fact fact) {
    facts.add(fact);
    return this;
  }

  public Story decided(String what, String why, String... evidence) {
    return then(new Fact.Decided(now, "outbid", what, why, List.of(evidence)));
  }

  public Story rents(RentalRef rental, long instance) {
    Offer offer =
        new Offer(
            11,
            new MachineId(55),
            "RTX 4090",
            1,
            UsdPerHour.of(0.4),
            UsdPerHour.of(0.1),
            UsdPerHour.of(0.01),
            0,
            0,
            0.99,
            "Quebec, CA");
    effect(new Effect.Create(rental, offer, UsdPerHour.of(0.12), true));
    settle(new Outcome.Created(new InstanceId(instance)));
    after(1);
    return sight(rental, Sight.Status.RUNNING, 0.12, "running");
  }

  public Story sight(RentalRef rental, Sight.Status status, double burn, String words) {
    Sight.Wanted wanted =
        status == Sight.Status.RUNNING ? Sight.Wanted.RUNNING : Sight.Wanted.STOPPED;
    return then(
        new Fact.ProviderSaw(
            now,
            rental,
            new Sight(status, wanted, true, UsdPerHour.of(burn), UsdPerHour.ZERO, words)));
  }

  public Story joins(RentalRef rental, int boot) {
    after(1);
    then(new Fact.AgentJoined(now, rental, boot, false, false));
    then(new Fact.VerdictReached(now, rental, new Verdict.Alive()));
    return then(new Fact.JobStarted(now, rental, boot));
  }

  public Story sees(RentalRef rental, long step) {
    return then(new Fact.UnitSeen(now, rental, checkpoint(rental, step)));
  }

  /// A checkpoint is seen, copied out and proven.
  public Story lands(RentalRef rental, long step) {
    Unit unit = checkpoint(rental, step);
    then(new Fact.UnitSeen(now, rental, unit));
    effect(new Effect.CopyOut(rental, unit));
    after(1);
    return settle(new Outcome.Landed(receipt(unit)));
  }

  public Story lost(RentalRef rental) {
    sight(rental, Sight.Status.STOPPED, 0.01, "outbid");
    return then(
        new Fact.VerdictReached(
            now, rental, new Verdict.Lost(Verdict.Cause.OUTBID, "outbid by another")));
  }

  public Story restored(RentalRef rental) {
    UnitId newest =
        state().cargo().frontier() instanceof Cargo.Frontier.At at ? at.unit() : unreachable();
    return then(new Fact.Restored(now, rental, newest));
  }

  /// Its box reads out the log.
  public Story printed(List<String> lines, Instant at) {
    live = live.plus(new Live.Piece(7, 0, lines, at));
    return this;
  }

  public Story beat(RentalRef rental, long step, double loss, String line) {
    live = live.plus(new Live.Beat(rental, now, step, 1500, OptionalDouble.of(loss), true, line));
    return this;
  }

  public Story effect(Effect effect) {
    effects++;
    return then(new Fact.Intended(now, effects, effect, Duration.ofSeconds(30)));
  }

  /// The outcome of the newest effect.
  public Story settle(Outcome outcome) {
    return then(new Fact.Settled(now, effects, outcome));
  }

  public Story announces(String what, String next) {
    return then(new Fact.Announced(now, "key-" + facts.size(), what, next));
  }

  public Story ends(Fact.Ending ending, String why) {
    return then(new Fact.RunEnded(now, ending, why));
  }

  public Story goes() {
    return sight(FIRST, Sight.Status.GONE, 0, "");
  }

  public Instant now() {
    return now;
  }

  public RunId run() {
    return run;
  }

  public List<Fact> facts() {
    return List.copyOf(facts);
  }

  public RunState state() {
    RunState state = Fold.first(facts.getFirst()).orElseThrow();
    for (Fact fact : facts.subList(1, facts.size())) {
      state = Fold.fold(state, fact);
    }
    return state;
  }

  public Snapshot snapshot() {
    return new Snapshot(state(), facts, live);
  }

  private Unit checkpoint(RentalRef rental, long step) {
    captures++;
    Manifest manifest =
        new Manifest(
            "/workspace/ckpt/step-" + step,
            List.of(
                new FileEntry(
                    "model.safetensors",
                    1_200_000,
                    Sha256.of(Long.toString(step).getBytes(StandardCharsets.UTF_8)))));
    return new Unit(
        new UnitId(rental.generation(), 1, captures, manifest.digest()),
        UnitKind.CHECKPOINT,
        "safetensors",
        step,
        Completeness.COMMITTED,
        manifest,
        now);
  }

  private static Receipt receipt(Unit unit) {
    return new Receipt(unit.id(), "target/" + unit.id() + "/receipt.json", false);
  }

  private static UnitId unreachable() {
    throw new IllegalStateException("Tell the story so that there is a frontier");
  }
}
