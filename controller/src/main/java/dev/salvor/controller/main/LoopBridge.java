package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.ca.Identity;
import dev.salvor.controller.ca.Standing;
import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.FailedMachine;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.RentalRef;
import dev.salvor.controller.core.RunState;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.desk.Bridge;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.effect.Asking;
import dev.salvor.controller.effect.Failures;
import dev.salvor.controller.intake.Berths;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Runs;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.tunnel.TunnelException;
import dev.salvor.controller.tunnel.UserKey;
import dev.salvor.controller.view.DoorView;
import dev.salvor.controller.view.OtherView;
import dev.salvor.controller.view.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts questions to the loop and waits for the answers.
final class LoopBridge implements Bridge, Asking, Failures {
  /// A turn takes milliseconds; a loop that takes so long is stuck.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Waited for in so many turns: one that this machine slept through is only one.
  private static final int TURNS = 20;

  private final Consumer<Event> loop;
  private final Board board;
  private final SecretBook book;
  private final InstantSource clock;
  private final AtomicReference<Supplier<List<Poll.Line>>> others = new AtomicReference<>(List::of);
  private final AtomicReference<@Nullable Berths> boxes = new AtomicReference<>();
  private final AtomicReference<@Nullable Doors> doors = new AtomicReference<>();

  LoopBridge(Consumer<Event> loop, Board board, SecretBook book, InstantSource clock) {
    this.loop = loop;
    this.board = board;
    this.book = book;
    this.clock = clock;
  }

  /// From now on it is known what others have at the account.
  void serve(Supplier<List<Poll.Line>> lines) {
    others.set(lines);
  }

  @Override
  public List<OtherView> others() {
    return others.get().get().stream()
        .map(line -> new OtherView(line.instance().value(), line.label(), line.sight().burn()))
        .toList();
  }

  /// From now on boxes can be asked.
  void serve(Berths berths) {
    boxes.set(berths);
  }

  /// From now on ways into boxes can be asked for.
  void serve(Doors found) {
    doors.set(found);
  }

  @Override
  public DoorView door(long instance, String key) throws DeskException {
    Doors at = doors.get();
    if (at == null) {
      throw new DeskException(DeskException.Kind.LOST, "The controller is still starting.");
    }
    try {
      Optional<UserKey> user =
          key.isEmpty()
              ? UserKey.usual(Path.of(System.getProperty("user.home", "/")))
              : Optional.of(UserKey.named(Path.of(key)));
      return at.view(new InstanceId(instance), user)
          .orElseThrow(() ->
              new DeskException(
                  DeskException.Kind.NOT_FOUND,
                  "The platform has no instance %d. 'salvor instances' lists yours."
                      .formatted(instance)));
    } catch (ProviderException | TunnelException e) {
      throw new DeskException(DeskException.Kind.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<Stranger> stranger(long instance) throws DeskException {
    Doors at = doors.get();
    if (at == null) {
      throw new DeskException(DeskException.Kind.LOST, "The controller is still starting.");
    }
    try {
      return at.stranger(new InstanceId(instance));
    } catch (ProviderException | IllegalArgumentException e) {
      throw new DeskException(DeskException.Kind.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void keep(RunId run, Map<String, Secret> secrets) throws DeskException {
    try {
      book.keep(run, secrets);
    } catch (IOException e) {
      throw new DeskException(
          DeskException.Kind.ENVIRONMENT, "Cannot keep the run's secrets: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean wantLog(RunState run, int tail, Duration during) {
    Berths berths = boxes.get();
    return berths != null
        && run.current()
            .map(rental -> new Caller(run.spec().run(), rental.ref()))
            .filter(caller -> berths.wantLog(caller, tail, during))
            .isPresent();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public List<RunId> runs() {
    return look()
        .map(runs -> List.copyOf(runs.states().keySet()))
        .orElseThrow(
            () -> new IllegalStateException("The loop does not answer within " + PATIENCE));
  }

  @Override
  public Optional<Snapshot> snapshot(RunId run) {
    return look()
        .flatMap(runs ->
            Optional.ofNullable(runs.states().get(run))
                .map(state ->
                    new Snapshot(
                        state, runs.history().getOrDefault(run, List.of()), board.of(run))));
  }

  /// Whether the loop said that this rental does not exist any more; false while it says nothing.
  boolean knownGone(Caller caller) {
    return look()
        .map(runs -> runs.states().get(caller.run()))
        .map(state -> gone(state, caller.rental()))
        .orElse(false);
  }

  /// How a rental stands whose box asks to enrol.
  Standing standing(Identity identity) {
    return ask(identity.run())
        .map(state -> standing(state, identity.rental()))
        .orElse(Standing.NOT_LISTED);
  }

  /// The instance of a rental that is its run's present one and up.
  Optional<InstanceId> present(Identity identity) {
    return ask(identity.run())
        .filter(state -> standing(state, identity.rental()) == Standing.CURRENT)
        .map(state -> state.rentals().get(identity.rental()))
        .flatMap(rental ->
            rental.hold() instanceof Rental.Hold.Held held
                ? Optional.of(held.instance())
                : Optional.empty());
  }

  private static Standing standing(RunState state, RentalRef ref) {
    Rental rental = state.rentals().get(ref);
    if (rental == null) {
      return Standing.NOT_LISTED;
    }
    if (!rental.mayExist()) {
      return rental.marks().eraseAccepted() ? Standing.GONE : Standing.NOT_LISTED;
    }
    Sight sight = rental.seen().sight();
    if (!rental.held() || sight.is(Sight.Status.UNSEEN)) {
      return Standing.NOT_LISTED;
    }
    boolean up = sight.is(Sight.Status.RUNNING) || sight.is(Sight.Status.LOADING);
    boolean present =
        !rental.marks().givenUp() && state.current().map(c -> c.ref().equals(ref)).orElse(false);
    return up && present ? Standing.CURRENT : Standing.LISTED;
  }

  private static boolean gone(RunState state, RentalRef ref) {
    Rental rental = state.rentals().get(ref);
    return rental == null || !rental.mayExist();
  }

  @Override
  public Optional<RunState> ask(RunId run) {
    return look().map(runs -> runs.states().get(run));
  }

  @Override
  public List<FailedMachine> elsewhere(RunId run) {
    return look()
        .map(runs ->
            runs.states().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(run))
                .map(Map.Entry::getValue)
                .toList())
        .map(others -> FailedMachine.known(others, now()))
        .orElse(List.of());
  }

  @Override
  public void submit(RunId run, Fact fact) throws DeskException {
    CompletableFuture<Boolean> journaled = new CompletableFuture<>();
    loop.accept(new Event.Happened(run, fact, () -> journaled.complete(true)));
    if (await(journaled).isEmpty()) {
      throw new DeskException(
          DeskException.Kind.LOST,
          "The controller did not take it in within %d s: it may yet. 'salvor explain %s' says whether it did."
              .formatted(PATIENCE.toSeconds(), run));
    }
  }

  private Optional<Runs> look() {
    CompletableFuture<Runs> answer = new CompletableFuture<>();
    loop.accept(new Event.Asked(answer::complete));
    return await(answer);
  }

  private static <T> Optional<T> await(CompletableFuture<T> answer) {
    for (int turn = 0; turn < TURNS; turn++) {
      try {
        return Optional.of(answer.get(PATIENCE.toMillis() / TURNS, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } catch (ExecutionException e) {
        return Optional.empty();
      } catch (TimeoutException e) {
        // Once more.
      }
    }
    return Optional.empty();
  }
}
