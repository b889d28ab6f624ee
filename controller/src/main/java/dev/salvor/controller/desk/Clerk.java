package dev.salvor.controller.desk;

import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Usd;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Fold;
import dev.salvor.controller.core.Permits;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.MachineView;
import dev.salvor.controller.view.NoticeView;
import dev.salvor.controller.view.RunRow;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.RunViews;
import dev.salvor.controller.view.Snapshot;
import dev.salvor.controller.view.SummaryView;
import dev.salvor.controller.view.Timeline;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Answers requests from what the controller knows, and hands on what is asked of it.
final class Clerk {
  private static final int MIN_EVERY_MS = 50;
  private static final int MAX_EVERY_MS = 5000;

  /// A run that is run this often under one name has another problem.
  private static final int MAX_NAMES = 1000;

  private final Bridge bridge;
  private final Printout printout;

  Clerk(Bridge bridge) {
    this.bridge = bridge;
    this.printout = new Printout(bridge, this::find);
  }

  /// Where answers go.
  interface Sink {
    void send(Object reply) throws IOException;

    /// Between two answers of a stream.
    void pause(long millis) throws IOException;
  }

  /// Whether the answer is a stream that somebody stays to listen to.
  static boolean attaches(Request request) {
    return request instanceof Request.Watch
        || request instanceof Request.Output
        || (request instanceof Request.Logs logs && logs.follow());
  }

  void answer(Request request, Sink sink) throws DeskException, IOException {
    switch (request) {
      case Request.Ping _ -> sink.send(new Replies.Pong(ProcessHandle.current().pid(), version()));
      case Request.Ps _ -> sink.send(ps());
      case Request.Status r -> sink.send(RunViews.of(find(r.run()), bridge.now()));
      case Request.Summary r -> sink.send(SummaryView.of(find(r.run()), bridge.now()));
      case Request.Watch r -> watch(r, sink);
      case Request.Logs r -> printout.logs(r, sink);
      case Request.Output r -> printout.output(r, sink);
      case Request.Timeline r -> {
        Snapshot run = find(r.run());
        sink.send(new Replies.Events(id(run), Timeline.of(run.facts())));
      }
      case Request.Explain r -> {
        Snapshot run = find(r.run());
        sink.send(
            new Replies.Decisions(id(run), RunViews.decisions(run), RunViews.happenings(run)));
      }
      case Request.Start r -> sink.send(start(r));
      case Request.Adopt r -> {
        Optional<Target> ours = Target.of(Long.toString(r.instance()), this);
        sink.send(new Strangers(bridge).adopt(r, ours));
      }
      case Request.AskCheckpoint r -> sink.send(ask(r));
      case Request.Drill r -> sink.send(drill(r));
      case Request.Approve r -> sink.send(approve(r));
      case Request.Budget r -> sink.send(budget(r));
      case Request.Destroy r -> sink.send(destroy(r));
      case Request.WindDown r ->
          sink.send(
              note(
                  find(r.run()),
                  new Fact.WindDownAsked(bridge.now(), r.by()),
                  "winding down: everything is brought home first"));
      case Request.Halt r ->
          sink.send(
              note(
                  find(r.run()),
                  new Fact.HaltAsked(bridge.now(), r.by()),
                  "halting: the meter is stopped, the disk kept"));
      case Request.Acknowledge r -> sink.send(acknowledge(r));
      case Request.Door r -> sink.send(door(r));
      case Request.Machines _ -> sink.send(machines());
      case Request.Close r -> close(r, sink);
    }
  }

  /// What every answer repeats until it is acknowledged.
  List<NoticeView> notices() {
    return snapshots().flatMap(run -> RunViews.notices(run.state()).stream()).toList();
  }

  /// Whether a run goes on, or a rental is left that may cost something.
  boolean needed() {
    try {
      return snapshots().anyMatch(run -> works(run.state()) || meterRuns(run.state()));
    } catch (IllegalStateException e) {
      // No answer is no leave to end: something may be rented.
      return true;
    }
  }

  /// What is only shown keeps no controller up: it is found again by the next.
  private static boolean works(RunState state) {
    return !state.over() && !state.looksOn();
  }

  private static boolean meterRuns(RunState state) {
    return state.rentals().values().stream().anyMatch(Rental::mayExist);
  }

  private static String version() {
    return Optional.ofNullable(Clerk.class.getPackage().getImplementationVersion()).orElse("dev");
  }

  private Replies.Runs ps() {
    Instant now = bridge.now();
    return new Replies.Runs(
        snapshots().map(run -> RunRow.of(RunViews.of(run, now))).toList(), bridge.others());
  }

  private Replies.Machines machines() {
    List<RunState> states = snapshots().map(Snapshot::state).toList();
    return new Replies.Machines(
        FailedMachine.known(states, bridge.now()).stream().map(MachineView::of).toList());
  }

  private void watch(Request.Watch request, Sink sink) throws DeskException, IOException {
    String run = id(find(request.run())).value();
    int every = Math.clamp(request.everyMs(), MIN_EVERY_MS, MAX_EVERY_MS);
    while (true) {
      RunView view = RunViews.of(find(run), bridge.now());
      sink.send(view);
      if (view.phase().over()) {
        return;
      }
      sink.pause(every);
    }
  }

  private Replies.Noted ask(Request.AskCheckpoint request) throws DeskException {
    Snapshot run = find(request.run());
    if (run.state().spec().job().care().listens().isEmpty()) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "Cannot ask the job of run %s for a checkpoint: its spec does not say what it listens to (listens: SIGUSR1, or file:/PATH)."
              .formatted(id(run)));
    }
    return note(
        run,
        new Fact.CheckpointAsked(bridge.now(), request.by()),
        "the job is asked for a checkpoint; 'salvor logs --events' shows when it comes");
  }

  private Replies.Noted approve(Request.Approve request) throws DeskException {
    Instant now = bridge.now();
    Instant until =
        request.seconds() == 0 ? Fact.Approved.FOREVER : now.plusSeconds(request.seconds());
    return note(
        find(request.run()),
        new Fact.Approved(now, request.by(), until),
        "approved%s: it may be destroyed once everything is home"
            .formatted(request.seconds() == 0 ? "" : " until " + until));
  }

  private Replies.Noted budget(Request.Budget request) throws DeskException {
    Snapshot run = find(request.run());
    Usd budget = new Usd(request.micros());
    Usd spent = run.state().spent(bridge.now());
    if (run.state().over() || budget.compareTo(spent) <= 0) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "Cannot set the budget of run %s to %s: %s."
              .formatted(
                  id(run),
                  budget,
                  run.state().over()
                      ? "it is over; run it again with another --budget"
                      : spent
                          + " is spent already; 'salvor destroy --wind-down' brings everything home"
                          + " and ends it"));
    }
    return note(
        run,
        new Fact.BudgetChanged(bridge.now(), budget, request.by()),
        "it may cost %s from now on; %s of it is spent".formatted(budget, spent));
  }

  private Replies.Noted drill(Request.Drill request) throws DeskException {
    Snapshot run = find(request.run());
    boolean works = run.state().current().filter(Rental::alive).isPresent();
    if (run.state().over() || !works || run.state().learned().drill().on()) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "Cannot hold a drill of run %s: it has no box that works now, or one is being held already. 'salvor status %s' shows how it stands."
              .formatted(id(run), id(run)));
    }
    if (!run.state().spec().job().care().listens().isEmpty()) {
      bridge.submit(id(run), new Fact.CheckpointAsked(bridge.now(), request.by()));
    }
    return note(
        run,
        new Fact.DrillAsked(bridge.now(), request.by()),
        "once a checkpoint is home its box is stopped and started again; 'salvor explain' tells how"
            + " it went");
  }

  private Replies.Started start(Request.Start request) throws DeskException {
    RunSpec spec = request.spec();
    Map<String, Secret> secrets = new HashMap<>();
    request.secrets().forEach((key, value) -> secrets.put(key, new Secret(value)));
    RunId name = spec.run();
    for (int i = 2; i < MAX_NAMES; i++) {
      Optional<Snapshot> known = bridge.snapshot(name);
      if (known.isEmpty()) {
        bridge.keep(name, secrets);
        bridge.submit(name, new Fact.RunRequested(bridge.now(), spec.named(name)));
        return new Replies.Started(name, false);
      }
      if (!known.get().state().over()) {
        // They may have changed since, or been lost.
        if (!secrets.isEmpty()) {
          bridge.keep(name, secrets);
        }
        return new Replies.Started(name, true);
      }
      name = new RunId(spec.run() + "-" + i);
    }
    throw new DeskException(
        DeskException.Kind.REFUSED,
        "Cannot start run %s: %d runs have that name already. Choose another name."
            .formatted(spec.run(), MAX_NAMES));
  }

  private Replies.Noted note(Snapshot run, Fact fact, String what) throws DeskException {
    if (run.state().over() && !meterRuns(run.state())) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "Run %s is over and has no box left: there is nothing to do.".formatted(id(run)));
    }
    bridge.submit(id(run), fact);
    return new Replies.Noted(id(run), what);
  }

  private Replies.Noted destroy(Request.Destroy request) throws DeskException {
    if (Target.isNumber(request.target()) && Target.of(request.target(), this).isEmpty()) {
      return new Strangers(bridge).destroy(Target.number(request.target()), request);
    }
    Target target = Target.find(request.target(), this);
    Snapshot run = target.run();
    if (!request.abandon().isEmpty()) {
      return abandon(target, request);
    }
    Instant now = bridge.now();
    Fact.Approved yes = new Fact.Approved(now, request.by());
    List<String> blockers = blockers(Fold.fold(run.state(), yes), target, now);
    if (!blockers.isEmpty() && !request.windDown()) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "No permit to destroy instance %d of run %s: %s. To bring everything home first: 'salvor destroy %s --wind-down'. To lose it: 'salvor destroy %s --abandon \"%s\"'."
              .formatted(
                  target.instance(),
                  id(run),
                  String.join("; ", blockers),
                  request.target(),
                  request.target(),
                  target.phrase()));
    }
    if (target.left()) {
      return note(
          run,
          yes,
          "run %s goes on elsewhere; instance %d is destroyed when everything on it is home"
              .formatted(id(run), target.instance()));
    }
    bridge.submit(id(run), yes);
    return note(
        run,
        new Fact.WindDownAsked(now, request.by()),
        blockers.isEmpty()
            ? "nothing is in the way: instance %d is being destroyed".formatted(target.instance())
            : "winding down: instance %d is destroyed when everything is home"
                .formatted(target.instance()));
  }

  private static List<String> blockers(RunState approved, Target target, Instant now) {
    return switch (Permits.rule(approved, target.rental().ref(), now)) {
      case Permits.Ruling.Granted _ -> List.of();
      case Permits.Ruling.Refused refused -> refused.reasons();
    };
  }

  private Replies.Noted abandon(Target target, Request.Destroy request) throws DeskException {
    if (!request.abandon().strip().equals(target.phrase())) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "Cannot abandon instance %d: what was typed does not name what is lost. Type exactly: --abandon \"%s\""
              .formatted(target.instance(), target.phrase()));
    }
    return note(
        target.run(),
        new Fact.Abandoned(bridge.now(), target.rental().ref(), request.abandon().strip()),
        "abandoned: instance %d is being destroyed with what it holds"
            .formatted(target.instance()));
  }

  private Replies.Noted acknowledge(Request.Acknowledge request) throws DeskException {
    List<NoticeView> asked =
        notices().stream()
            .filter(notice -> notice.number() == request.number())
            .filter(n -> request.run().isEmpty() || n.run().value().equals(request.run()))
            .toList();
    if (asked.isEmpty()) {
      throw new DeskException(
          DeskException.Kind.NOT_FOUND,
          "No notice %d is waiting to be acknowledged. 'salvor ps' shows those that are."
              .formatted(request.number()));
    }
    if (asked.size() > 1) {
      throw new DeskException(
          DeskException.Kind.BAD_REQUEST,
          "Notice %d exists in several runs. Say which: 'salvor ack %d RUN'."
              .formatted(request.number(), request.number()));
    }
    RunId run = asked.getFirst().run();
    bridge.submit(run, new Fact.NoticeAcknowledged(bridge.now(), request.number()));
    return new Replies.Noted(run, "acknowledged: " + asked.getFirst().what());
  }

  private void close(Request.Close request, Sink sink) throws DeskException, IOException {
    if (needed() && !request.anyway()) {
      throw new DeskException(
          DeskException.Kind.REFUSED,
          "The controller has runs or rentals to look after. 'salvor ps' shows them.");
    }
    sink.send(new Replies.Pong(ProcessHandle.current().pid(), version()));
  }

  private DoorView door(Request.Door request) throws DeskException {
    Optional<Target> ours = Target.of(request.target(), this);
    long instance = ours.isPresent() ? ours.get().instance() : Target.number(request.target());
    String run = ours.map(target -> id(target.run()).value()).orElse("");
    return bridge.door(instance, request.key()).of(run);
  }

  Snapshot find(String run) throws DeskException {
    Optional<Snapshot> found = run.isEmpty() ? newest() : named(run);
    return found.orElseThrow(() ->
        new DeskException(
            DeskException.Kind.NOT_FOUND,
            run.isEmpty()
                ? "There is no run yet. 'salvor demo' starts one."
                : "There is no run '%s'. 'salvor ps' lists those there are.".formatted(run)));
  }

  Stream<Snapshot> snapshots() {
    return bridge.runs().stream().flatMap(run -> bridge.snapshot(run).stream());
  }

  private Optional<Snapshot> newest() {
    List<Snapshot> all = snapshots().toList();
    return all.reversed().stream()
        .filter(run -> works(run.state()))
        .findFirst()
        .or(() -> all.reversed().stream().filter(run -> !run.state().looksOn()).findFirst())
        .or(() -> all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()));
  }

  private Optional<Snapshot> named(String run) {
    return bridge.runs().stream()
        .filter(id -> id.value().equals(run))
        .findFirst()
        .flatMap(bridge::snapshot);
  }

  private static RunId id(Snapshot run) {
    return run.state().spec().run();
  }
}
