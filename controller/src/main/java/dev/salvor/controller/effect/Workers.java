package dev.salvor.controller.effect;

import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.Effect;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.loop.Effects;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs each effect on a virtual thread of its own and posts its outcome. The rules see to it that
/// no two effects on one rental are open at once at the provider.
public final class Workers implements Effects, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  private final Equipment gear;
  private final Consumer<Event> post;
  private final Destroying destroying;
  private final Withdrawing withdrawing;
  private final Pruning pruning;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public Workers(Equipment gear, Asking asking, Consumer<Event> post) {
    this.gear = gear;
    this.post = post;
    this.withdrawing = new Withdrawing(gear.home(), asking, gear.clock());
    this.pruning = new Pruning(gear.boxes(), gear.home(), asking, gear.clock());
    this.destroying = new Destroying(gear.provider(), gear.home(), asking, gear.clock());
  }

  /// What effects are done with.
  public record Equipment(
      Provider provider,
      Boxes boxes,
      Home home,
      Papers papers,
      Rescuing rescuing,
      Preparing preparing,
      Failures failures,
      InstantSource clock) {}

  @Override
  public void hand(RunId run, long id, Effect effect, RunState state) {
    threads.execute(() -> settle(run, id, effect, state));
  }

  private void settle(RunId run, long id, Effect effect, RunState state) {
    Optional<Outcome> outcome;
    try {
      outcome = run(run, id, effect, state);
    } catch (ProviderException e) {
      outcome =
          Optional.of(new Outcome.Failed(String.valueOf(e.getMessage()), e.kind().retryable()));
    } catch (RuntimeException e) {
      LOG.atError().setMessage("An effect broke").addKeyValue("effect", effect).setCause(e).log();
      outcome = Optional.of(broken(effect, e));
    }
    outcome.ifPresent(o -> report(run, id, effect, o));
  }

  private void report(RunId run, long id, Effect effect, Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      LOG.atWarn()
          .setMessage("An effect failed")
          .addKeyValue("effect", effect.getClass().getSimpleName())
          .addKeyValue("why", failed.why())
          .log();
    }
    post.accept(new Event.Happened(run, new Fact.Settled(gear.clock().instant(), id, outcome)));
  }

  private static Outcome broken(Effect effect, RuntimeException e) {
    return effect instanceof Effect.Create
        ? new Outcome.Unclear("a defect: " + e)
        : new Outcome.Failed("a defect: " + e, true);
  }

  /// Empty when the outcome comes later, from somebody else: a copy reports when it lands.
  private Optional<Outcome> run(RunId run, long id, Effect effect, RunState state)
      throws ProviderException {
    return switch (effect) {
      case Effect.Search _ ->
          Optional.of(
              new Outcome.Offers(
                  gear.provider().search(state.spec().market()), gear.failures().elsewhere(run)));
      case Effect.Create create -> Optional.of(rent(run, create, state));
      case Effect.Stop stop -> {
        gear.provider().stop(stop.instance());
        yield Optional.of(new Outcome.Done());
      }
      case Effect.Raise raise -> {
        raise(raise, state);
        yield Optional.of(new Outcome.Done());
      }
      case Effect.Destroy destroy -> Optional.of(destroying.run(run, id, destroy, state));
      case Effect.Tell tell -> Optional.of(gear.boxes().tell(run, id, tell, state));
      case Effect.Prepare prepare -> Optional.of(gear.preparing().run(run, prepare, state));
      case Effect.ReadLog read -> Optional.of(said(read, state));
      case Effect.Withdraw withdraw -> Optional.of(withdrawing.run(run, id, withdraw, state));
      case Effect.Prune prune -> pruning.run(run, id, prune, state);
      case Effect.CopyOut copy -> copyOut(run, id, copy);
      case Effect.Rescue rescue -> Optional.of(gear.rescuing().run(run, rescue, state));
    };
  }

  /// A container that never ran has printed nothing: there the host's daemon is asked.
  private Outcome said(Effect.ReadLog read, RunState state) throws ProviderException {
    boolean ran =
        Optional.ofNullable(state.rentals().get(read.rental()))
            .map(rental -> rental.seen().everRan())
            .orElse(true);
    String log = gear.provider().log(read.instance(), Outcome.Said.MOST_LINES, !ran);
    return new Outcome.Said(log.lines().toList());
  }

  /// One that is no bid has none to raise: it is asked to run.
  private void raise(Effect.Raise raise, RunState state) throws ProviderException {
    boolean bids =
        Optional.ofNullable(state.rentals().get(raise.rental()))
            .map(rental -> rental.seen().sight().bid())
            .orElse(true);
    boolean _ =
        bids
            ? gear.provider().raise(raise.instance(), raise.bid())
            : gear.provider().start(raise.instance());
  }

  private Optional<Outcome> copyOut(RunId run, long id, Effect.CopyOut copy) {
    Outcome sent = gear.boxes().carryOut(run, copy.rental(), id, copy.unit());
    return sent instanceof Outcome.Done ? Optional.empty() : Optional.of(sent);
  }

  private Outcome rent(RunId run, Effect.Create create, RunState state) throws ProviderException {
    gear.rescuing().prepare();
    Provider.CreateRequest request;
    try {
      request = gear.papers().write(run, state.spec(), create);
    } catch (Papers.PapersException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    }
    return switch (gear.provider().create(request)) {
      case Provider.Creation.Created created -> new Outcome.Created(created.instance());
      // It exists, paused, and bills: what is done about it is decided like for any other.
      case Provider.Creation.Stranded stranded -> new Outcome.Created(stranded.instance());
      case Provider.Creation.Refused refused -> new Outcome.Refused(refused.why());
      case Provider.Creation.Unclear unclear -> new Outcome.Unclear(unclear.why());
    };
  }

  /// Ends the workers; what they had under way is settled at the next start.
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
