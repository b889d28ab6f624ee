package dev.salvor.controller.view;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.EndWords;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.core.StatusWords;
import dev.salvor.controller.core.Verdict;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A run's history told to a person: facts that change nothing for people are left out.
public final class Timeline {
  /// Rules whose decisions are made for every checkpoint or every search.
  private static final Set<String> ROUTINE = Set.of("copy-out", "search");

  /// Of a job that failed, so many last lines say why.
  private static final int TAIL = 3;

  private final List<EventView> events = new ArrayList<>();
  private final Map<Long, Effect> effects = new HashMap<>();
  private final Map<UnitId, Unit> units = new HashMap<>();
  private final Map<RentalRef, Sight.Status> statuses = new HashMap<>();
  private int number;

  private Timeline() {}

  /// The whole of it, oldest first.
  public static List<EventView> of(List<Fact> facts) {
    Timeline timeline = new Timeline();
    facts.forEach(timeline::tell);
    return List.copyOf(timeline.events);
  }

  private void tell(Fact fact) {
    number++;
    switch (fact) {
      case Fact.RunRequested f -> user(f, "asked for: " + f.spec().job().command());
      case Fact.BoxAbandoned f -> givenUp(f);
      case Fact.BoxAdopted f ->
          user(f, "instance %s is looked after from now on".formatted(f.instance()));
      case Fact.Approved f -> user(f, "destroying was approved by " + f.by() + until(f));
      case Fact.BudgetChanged f ->
          user(f, "the budget is now %s, by %s".formatted(f.budget(), f.by()));
      case Fact.Abandoned f -> abandoned(f);
      case Fact.WindDownAsked f -> user(f, "asked to bring everything home and end, by " + f.by());
      case Fact.HaltAsked f -> user(f, "asked to stop the meter at once, by " + f.by());
      case Fact.RentalFound f -> found(f);
      case Fact.RentalAbsent f -> provider(f, "rental " + f.rental() + " never came to be");
      case Fact.ProviderSaw f -> providerSaw(f);
      case Fact.VerdictReached f -> verdict(f);
      case Fact.AgentJoined f -> joined(f);
      case Fact.Quiesced f -> box(f, "rental " + f.rental() + " is quiet: nothing more will come");
      case Fact.RoomShort f -> box(f, "rental %s: %s".formatted(f.rental(), lacks(f)));
      case Fact.Pruned f -> pruned(f);
      case Fact.OrderFailed f -> box(f, "order " + f.effect() + " came back undone: " + f.why());
      case Fact.SelfStopped f -> selfStopped(f);
      case Fact.ControllerBack f -> back(f);
      case Fact.JobStarted f -> job(f, started(f));
      case Fact.JobEnded f -> jobEnded(f);
      case Fact.TaskDone f -> job(f, taskOver(f));
      case Fact.CargoGivenUp f -> user(f, "given up beforehand: " + f.what());
      case Fact.JobStalled f -> say(f, EventView.Kind.ALERT, "job does not move: " + f.why());
      case Fact.JobMoving f -> job(f, "job moves again");
      case Fact.LogMatched f -> job(f, "its log says what there is a policy for: " + f.line());
      case Fact.GateRefused f -> refused(f);
      case Fact.CheckpointAsked f -> user(f, "asked the job for a checkpoint, by " + f.by());
      case Fact.UnitSeen f -> unitSeen(f);
      case Fact.Restored f -> cargo(f, name(f.unit()) + " is on rental " + f.rental());
      case Fact.Decided f -> decided(f, f.why().isEmpty() ? f.what() : f.what() + ": " + f.why());
      case Fact.ArmChosen f -> decided(f, "rental " + f.rental() + ": " + lower(f.arm()));
      case Fact.Intended f -> effects.put(f.id(), f.effect());
      case Fact.Settled f -> settled(f);
      case Fact.Announced f -> say(f, EventView.Kind.ALERT, f.what() + " " + f.next());
      case Fact.RunEnded f -> say(f, EventView.Kind.END, lower(f.ending()) + ": " + f.why());
      case Fact.OrphanFound f -> orphan(f);
      case Fact.VolumeFound f -> provider(f, "the account has " + f.spec().job().command());
      case Fact.VolumeGone f -> say(f, EventView.Kind.END, f.why());
      case Fact.DrillAsked f -> user(f, "asked for a drill, by " + f.by());
      case Fact.CreditSeen _, Fact.DrillMoved _, Fact.FleetSpent _, Fact.GoalSeen _ -> {}
      case Fact.Charged f -> charged(f);
      case Fact.LogAnswered _, Fact.NoticeAcknowledged _ -> {}
    }
  }

  private static String until(Fact.Approved f) {
    boolean lapses = f.until().isBefore(Fact.Approved.FOREVER);
    return lapses ? ", until " + f.until().truncatedTo(ChronoUnit.SECONDS) : "";
  }

  private void refused(Fact.GateRefused f) {
    box(
        f,
        "rental %s, boot %d, is not fit for the job (%s): %s"
            .formatted(f.rental(), f.boot(), f.check(), f.evidence()));
  }

  private static String lacks(Fact.RoomShort f) {
    return "its disk at %s runs out of %s".formatted(f.place(), f.lack());
  }

  private void pruned(Fact.Pruned f) {
    boolean asked =
        effects
            .values()
            .removeIf(e -> e instanceof Effect.Prune p && p.terms().unit().equals(f.unit()));
    cargo(
        f,
        "%s is gone from the box of rental %s, %s"
            .formatted(
                name(f.unit()), f.rental(), asked ? "by permit; its copy is kept" : "unasked"));
  }

  private void givenUp(Fact.BoxAbandoned f) {
    user(f, "instance %s given up, in the user's words: %s".formatted(f.instance(), f.typed()));
  }

  private void orphan(Fact.OrphanFound f) {
    provider(
        f,
        "instance %s is listed as %s and no run here knows it".formatted(f.instance(), f.label()));
  }

  private void charged(Fact.Charged f) {
    provider(
        f,
        "charged %s for rental %s; our meter shows %s"
            .formatted(f.charged(), f.rental(), f.metered()));
  }

  private void user(Fact fact, String text) {
    say(fact, EventView.Kind.USER, text);
  }

  private void provider(Fact fact, String text) {
    say(fact, EventView.Kind.PROVIDER, text);
  }

  private void box(Fact fact, String text) {
    say(fact, EventView.Kind.BOX, text);
  }

  private void job(Fact fact, String text) {
    say(fact, EventView.Kind.JOB, text);
  }

  private void cargo(Fact fact, String text) {
    say(fact, EventView.Kind.CARGO, text);
  }

  private void decided(Fact fact, String text) {
    say(fact, EventView.Kind.DECISION, text);
  }

  private void say(Fact fact, EventView.Kind kind, String text) {
    events.add(new EventView(number, fact.at(), kind, minor(fact), text));
  }

  /// What comes again and again, or what another line tells too.
  private static boolean minor(Fact fact) {
    return fact instanceof Fact.UnitSeen
        || fact instanceof Fact.ArmChosen
        || (fact instanceof Fact.Decided decided && ROUTINE.contains(decided.rule()))
        || (fact instanceof Fact.ProviderSaw saw && saw.sight().is(Sight.Status.LOADING))
        || (fact instanceof Fact.VerdictReached v && v.verdict() instanceof Verdict.Alive)
        || (fact instanceof Fact.Settled settled && routine(settled.outcome()));
  }

  private static boolean routine(Outcome outcome) {
    return outcome instanceof Outcome.Offers || outcome instanceof Outcome.Landed;
  }

  private void abandoned(Fact.Abandoned f) {
    user(f, "rental %s abandoned, in the user's words: %s".formatted(f.rental(), f.typed()));
  }

  private void found(Fact.RentalFound f) {
    provider(f, "rental %s is listed as instance %s".formatted(f.rental(), f.instance()));
  }

  private static String taskOver(Fact.TaskDone f) {
    return f.exit() == 0
        ? "task done: " + f.text()
        : "task failed with exit status %d, the rest go on: %s".formatted(f.exit(), f.text());
  }

  private void joined(Fact.AgentJoined f) {
    String what = "agent on rental %s, boot %d, joined".formatted(f.rental(), f.boot());
    box(f, f.jobRunning() ? what + "; its job runs" : what);
  }

  private void selfStopped(Fact.SelfStopped f) {
    box(
        f,
        "rental %s stopped itself at %s: %s"
            .formatted(f.rental(), f.then().truncatedTo(ChronoUnit.SECONDS), f.why()));
  }

  private void back(Fact.ControllerBack f) {
    String away = Words.time(Duration.between(f.since(), f.at()));
    box(f, "the controller is back, and had written nothing down for %s".formatted(away));
  }

  private static String started(Fact.JobStarted f) {
    String what = "job runs on rental " + f.rental() + ", boot " + f.boot();
    return f.start() > 1 ? what + ", start " + f.start() : what;
  }

  private void jobEnded(Fact.JobEnded f) {
    String what = "job ended: " + EndWords.what(f.exitCode(), f.cause());
    List<String> last = f.tail().subList(Math.max(0, f.tail().size() - TAIL), f.tail().size());
    boolean well = f.exitCode() == 0 || last.isEmpty();
    job(f, well ? what : what + "; its last lines: " + String.join(" | ", last));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void providerSaw(Fact.ProviderSaw fact) {
    Sight.Status now = fact.sight().status();
    Sight.Status before =
        Optional.ofNullable(statuses.put(fact.rental(), now)).orElse(Sight.Status.UNSEEN);
    if (now == before) {
      return;
    }
    String words = fact.sight().words().isEmpty() ? "" : " (\"" + fact.sight().words() + "\")";
    String meaning =
        StatusWords.meaning(fact.sight().words()).map(means -> ": " + means).orElse("");
    say(
        fact,
        EventView.Kind.PROVIDER,
        "rental %s: %s%s%s".formatted(fact.rental(), lower(now), words, meaning));
  }

  private void verdict(Fact.VerdictReached fact) {
    String who = "rental " + fact.rental();
    switch (fact.verdict()) {
      case Verdict.Coming _ -> {}
      case Verdict.Alive _ -> say(fact, EventView.Kind.BOX, who + " is alive");
      case Verdict.Unknown v ->
          say(fact, EventView.Kind.BOX, who + " is in an unknown state: " + v.why());
      case Verdict.Suspect v -> say(fact, EventView.Kind.BOX, who + " is suspect: " + v.why());
      case Verdict.Lost v ->
          say(
              fact,
              EventView.Kind.BOX,
              "%s is lost (%s): %s".formatted(who, lower(v.cause()), v.why()));
    }
  }

  private void unitSeen(Fact.UnitSeen fact) {
    units.put(fact.unit().id(), fact.unit());
    say(
        fact,
        EventView.Kind.CARGO,
        "%s is complete on the box, %s"
            .formatted(name(fact.unit()), Words.bytes(fact.unit().manifest().bytes())));
  }

  private void settled(Fact.Settled fact) {
    Optional<Effect> effect = Optional.ofNullable(effects.remove(fact.id()));
    String what = effect.map(Timeline::deed).orElse("effect " + fact.id());
    switch (fact.outcome()) {
      case Outcome.Done _ -> effect.ifPresent(done -> done(fact, done));
      case Outcome.Offers o ->
          say(
              fact,
              EventView.Kind.PROVIDER,
              "the market has %s that fit%s"
                  .formatted(
                      Words.count(o.offers().size(), "offer"), o.offers().size() == 1 ? "s" : ""));
      case Outcome.Created o ->
          say(fact, EventView.Kind.PROVIDER, "rented instance " + o.instance());
      case Outcome.Refused o ->
          say(fact, EventView.Kind.PROVIDER, "%s was refused: %s".formatted(what, o.why()));
      case Outcome.Unclear o ->
          say(fact, EventView.Kind.PROVIDER, "no answer to %s: %s".formatted(what, o.why()));
      case Outcome.Said o ->
          say(
              fact,
              EventView.Kind.PROVIDER,
              "%s: %s"
                  .formatted(
                      what, o.lines().isEmpty() ? "nothing" : String.join(" | ", o.lines())));
      case Outcome.Landed o ->
          say(
              fact,
              EventView.Kind.CARGO,
              "%s is home and verified%s"
                  .formatted(
                      name(o.receipt().unit()),
                      o.receipt().structureOnly() ? " (structure only)" : ""));
      case Outcome.Rescued o -> rescued(fact, o);
      case Outcome.Failed o ->
          say(
              fact,
              EventView.Kind.ALERT,
              "%s failed%s: %s"
                  .formatted(what, o.retryable() ? ", to be tried again" : "", o.why()));
    }
  }

  private void done(Fact.Settled fact, Effect effect) {
    switch (effect) {
      case Effect.Stop e ->
          say(fact, EventView.Kind.PROVIDER, "instance %s told to stop".formatted(e.instance()));
      case Effect.Raise e ->
          say(
              fact,
              EventView.Kind.PROVIDER,
              "bid for instance %s is now %s".formatted(e.instance(), e.bid()));
      case Effect.Destroy e ->
          say(
              fact,
              EventView.Kind.PROVIDER,
              "instance %s destroyed by permit (%s)"
                  .formatted(e.terms().instance(), e.terms().why()));
      case Effect.Prepare e ->
          say(fact, EventView.Kind.BOX, "instance %s is ready for its job".formatted(e.instance()));
      case Effect.Withdraw e ->
          say(
              fact,
              EventView.Kind.CARGO,
              "%s taken from where copies are kept, by permit".formatted(name(e.terms().unit())));
      case Effect.Search _,
          Effect.Create _,
          Effect.Tell _,
          Effect.ReadLog _,
          Effect.Prune _,
          Effect.CopyOut _,
          Effect.Rescue _ -> {}
    }
  }

  private void rescued(Fact.Settled fact, Outcome.Rescued rescue) {
    rescue.units().forEach(unit -> units.put(unit.unit().id(), unit.unit()));
    List<String> names = rescue.units().stream().map(unit -> name(unit.unit())).toList();
    String brought = names.isEmpty() ? "nothing new" : String.join(", ", names);
    String left =
        rescue.left().isEmpty() ? "" : "; left behind: " + String.join(", ", rescue.left());
    say(
        fact,
        EventView.Kind.CARGO,
        "the paused disk was %s; brought home: %s%s"
            .formatted(rescue.listedWhole() ? "listed whole" : "not listed whole", brought, left));
  }

  private static String deed(Effect effect) {
    return switch (effect) {
      case Effect.Search _ -> "the search for offers";
      case Effect.Create e -> "renting offer " + e.offer().id();
      case Effect.Stop e -> "stopping instance " + e.instance();
      case Effect.Raise e -> "raising the bid for instance " + e.instance();
      case Effect.Destroy e -> "destroying instance " + e.terms().instance();
      case Effect.Tell e -> "an order to rental " + e.rental();
      case Effect.Prepare e -> "making instance " + e.instance() + " ready";
      case Effect.ReadLog e -> "the log of instance " + e.instance();
      case Effect.Withdraw e -> "taking away unit " + e.terms().unit();
      case Effect.Prune e -> "removing unit %s from its box".formatted(e.terms().unit());
      case Effect.CopyOut e -> "copying out " + name(e.unit());
      case Effect.Rescue e -> "rescuing the paused disk of instance " + e.instance();
    };
  }

  private String name(UnitId id) {
    return Optional.ofNullable(units.get(id)).map(Timeline::name).orElse("unit " + id);
  }

  static String name(Unit unit) {
    return unit.kind() == UnitKind.CHECKPOINT
        ? "checkpoint at step " + unit.step()
        : "results in " + unit.manifest().root();
  }
}
