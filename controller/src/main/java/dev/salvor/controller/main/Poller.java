package dev.salvor.controller.main;

import dev.salvor.controller.core.Label;
import dev.salvor.controller.core.Poll;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.provider.Provider;
import dev.salvor.controller.provider.ProviderException;
import dev.salvor.controller.provider.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks at the provider's list again and again: one poll serves every rental.
final class Poller implements AutoCloseable {
  private final Provider provider;
  private final Duration every;
  private final InstantSource clock;
  private final Consumer<Event> loop;
  private final Runnable after;
  private final BlockingQueue<Boolean> wake = new ArrayBlockingQueue<>(1);
  private final AtomicReference<Poll> last =
      new AtomicReference<>(new Poll.Unanswered(Instant.EPOCH, "not asked yet"));
  private final Thread thread;

  /// @param after what is done after each look, and once more at the end
  Poller(
      Provider provider,
      Duration every,
      InstantSource clock,
      Consumer<Event> loop,
      Runnable after) {
    this.provider = provider;
    this.every = every;
    this.clock = clock;
    this.loop = loop;
    this.after = after;
    this.thread = Thread.ofVirtual().name("poller").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Poll poll = look();
        last.set(poll);
        loop.accept(new Event.Looked(poll));
        after.run();
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Rentals that carry the name of another fleet, by the last list.
  List<Poll.Line> others(String fleet) {
    return last.get() instanceof Poll.Listed listed
        ? listed.lines().stream()
            .filter(
                line -> Label.parse(line.label()).filter(l -> !l.fleet().equals(fleet)).isPresent())
            .toList()
        : List.of();
  }

  /// Somebody says that something happened.
  void soon() {
    boolean _ = wake.offer(true);
  }

  /// Until it is time again, or somebody says so.
  private void pause() throws InterruptedException {
    @Nullable Boolean _ = wake.poll(every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Poll look() {
    Instant begun = clock.instant();
    try {
      return new Poll.Listed(begun, provider.list().stream().map(Poller::line).toList());
    } catch (ProviderException e) {
      return new Poll.Unanswered(begun, e.getMessage() + DefaultRoute.words());
    } catch (RuntimeException e) {
      return new Poll.Unanswered(begun, "a defect: " + e);
    }
  }

  private static Poll.Line line(Row row) {
    return new Poll.Line(row.instance(), row.label(), row.sight());
  }

  @Override
  public void close() {
    thread.interrupt();
    after.run();
  }
}
