package dev.salvor.controller.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.common.unit.Usd;
import dev.salvor.common.unit.UsdPerHour;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.Policy;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunSpec;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.UnitPermit;
import dev.salvor.controller.core.Watch;
import dev.salvor.controller.core.rule.Decide;
import dev.salvor.controller.effect.Boxes;
import dev.salvor.controller.effect.Home;
import dev.salvor.controller.effect.Preparing;
import dev.salvor.controller.effect.Rescuing;
import dev.salvor.controller.effect.Workers;
import dev.salvor.controller.journal.Journal;
import dev.salvor.controller.loop.Effects;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Loop;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.vast.VastConfig;
import dev.salvor.controller.provider.vast.VastProvider;
import dev.salvor.controller.sandbox.market.BookStore;
import dev.salvor.controller.sandbox.market.KeyRing;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.MarketLog;
import dev.salvor.controller.sandbox.market.Pace;
import dev.salvor.controller.sandbox.rest.Desk;
import dev.salvor.controller.sandbox.rest.RestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The controller's own loop, workers and provider, over real HTTP, at the sandbox's own market.
/// Only time, the boxes and the journal's disk are of paper: time stands while anything is under
/// way, so that minutes of patience take no time.
final class Bench implements AutoCloseable {
  static final RunId RUN = new RunId("r");
  private static final String FLEET = "bench";
  private static final long PATIENCE_S = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path dir;
  private final Clock clock = new Clock();
  private final Market market;
  private final RestServer rest;
  private final Provider provider;
  private final Workers workers;
  private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Loop loop;

  /// Time that only the bench moves.
  private static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }

  Bench(Path dir, long seed) throws Exception {
    this.dir = dir;
    var pace = new Pace(Duration.ZERO, Duration.ofMillis(20));
    var parts =
        new Market.Parts(clock, new BookStore(dir), new MarketLog(dir), new KeyRing(), pace);
    this.market = Market.open(parts, seed).with(new PaperHost());
    this.rest = RestServer.bind(0);
    Path bundle = Files.createDirectories(dir.resolve("bundle"));
    rest.serve(market, desk(bundle, parts));
    this.provider = new VastProvider(VastConfig.of(rest.url(), new Secret(market.apiKey())));
    var gear =
        new Workers.Equipment(
            provider,
            new NoBoxes(),
            new NoHome(),
            Bench::papers,
            new NoRescue(),
            new NoLogin(),
            this::elsewhere,
            clock);
    Workers hired = new Workers(gear, run -> ask(run), inbox::add);
    this.workers = hired;
    Effects effects =
        (run, id, effect, state) -> {
          underWay.incrementAndGet();
          hired.hand(run, id, effect, state);
        };
    var watch = new Watch(FLEET, Duration.ofSeconds(2), clock.instant());
    this.loop = new Loop(clock, new Paper(), effects, Decide.by(Policy.DEFAULT), watch);
  }

  private Desk desk(Path bundle, Market.Parts parts) throws Exception {
    var boxes =
        dev.salvor.controller.sandbox.box.Boxes.open(dir, Optional.of(bundle), "bench", false);
    return new Desk(rest.url(), 1, false, false, boxes, parts.log().file(), _ -> {});
  }

  void begin() throws Exception {
    begin(RUN);
  }

  void begin(RunId run) throws Exception {
    var spec =
        new RunSpec(
            run,
            new RunSpec.Job("train", "/work", Map.of(), List.of("/work"), List.of()),
            new RunSpec.Market("image", "verified=any num_gpus=1", 10, true, UsdPerHour.of(20)),
            new RunSpec.Finish(RunSpec.After.DESTROY, true),
            Usd.of(500));
    loop.turn(List.of(new Event.Happened(run, new Fact.RunRequested(clock.instant(), spec))));
  }

  void happens(Fact fact) throws Exception {
    loop.turn(List.of(new Event.Happened(RUN, fact)));
  }

  Instant now() {
    return clock.instant();
  }

  void fault(String json) throws Exception {
    List<String> problems = new ArrayList<>();
    market.addFaults(JSON.readTree(json.replace('\'', '"')), problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
  }

  /// A few seconds go by: the market moves, its list is looked at, and the loop takes a turn with
  /// everything that has come in.
  void step(Duration time) throws Exception {
    clock.now = clock.now.plus(time);
    market.tick();
    List<Event> batch = new ArrayList<>(List.of(new Event.Looked(look()), new Event.Tick()));
    loop.turn(batch);
    while (underWay.get() > 0) {
      Event event = inbox.poll(PATIENCE_S, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("An effect had no outcome within " + PATIENCE_S + " s");
      }
      if (event instanceof Event.Happened) {
        underWay.decrementAndGet();
      }
      loop.turn(List.of(event));
    }
  }

  private Poll look() {
    Instant begun = clock.instant();
    try {
      return new Poll.Listed(
          begun,
          provider.list().stream()
              .map(row -> new Poll.Line(row.instance(), row.label(), row.sight()))
              .toList());
    } catch (ProviderException e) {
      return new Poll.Unanswered(begun, String.valueOf(e.getMessage()));
    }
  }

  Optional<RunState> state() {
    return ask(RUN);
  }

  /// As the controller itself remembers them.
  private List<FailedMachine> elsewhere(RunId run) {
    return FailedMachine.known(
        loop.states().entrySet().stream()
            .filter(entry -> !entry.getKey().equals(run))
            .map(Map.Entry::getValue)
            .toList(),
        clock.instant());
  }

  /// What happened in the market, by the market's own log.
  List<JsonNode> log() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("market.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Override
  public void close() {
    workers.close();
    rest.close();
  }

  Optional<RunState> ask(RunId run) {
    return Optional.ofNullable(loop.states().get(run));
  }

  private static Provider.CreateRequest papers(RunId run, RunSpec spec, Effect.Create create) {
    return new Provider.CreateRequest(
        create.offer().id(),
        new Label(FLEET, run, create.rental()).toString(),
        spec.market().image(),
        spec.market().diskGb(),
        create.price(),
        spec.market().interruptible(),
        "true\n",
        Map.of());
  }

  /// Facts in memory.
  private static final class Paper implements Journal {
    private final List<Entry> entries = new ArrayList<>();

    @Override
    public long append(List<Entry> batch) {
      entries.addAll(batch);
      return entries.size();
    }

    @Override
    public void replay(Consumer<Numbered> each) {}

    @Override
    public void close() {}
  }

  /// No agent ever dials in.
  private static final class NoBoxes implements Boxes {
    @Override
    public Outcome tell(RunId run, long id, Effect.Tell tell, RunState state) {
      return new Outcome.Failed("nobody is there", true);
    }

    @Override
    public Outcome prune(RunId run, long id, PrunePermit permit) {
      return new Outcome.Failed("nobody is there", true);
    }

    @Override
    public Outcome carryOut(RunId run, RentalRef rental, long id, Unit unit) {
      return new Outcome.Failed("nobody is there", true);
    }
  }

  /// Nothing ever comes home.
  private static final class NoHome implements Home {
    @Override
    public boolean stillThere(RunId run, Unit unit) {
      return false;
    }

    @Override
    public Outcome withdraw(RunId run, UnitPermit permit) {
      return new Outcome.Failed("nothing to take away", false);
    }

    @Override
    public Outcome land(
        RunId run, RentalRef rental, Unit unit, Path fetched, boolean structureOnly) {
      return new Outcome.Failed("nothing to land", false);
    }
  }

  /// Nobody logs in here.
  private static final class NoLogin implements Preparing {
    @Override
    public Outcome run(RunId run, Effect.Prepare prepare, RunState state) {
      return new Outcome.Failed("no box to log in to", true);
    }
  }

  /// Disks of boxes that never ran hold nothing.
  private static final class NoRescue implements Rescuing {
    @Override
    public Outcome run(RunId run, Effect.Rescue rescue, RunState state) {
      return new Outcome.Failed("nothing to rescue", false);
    }
  }
}
