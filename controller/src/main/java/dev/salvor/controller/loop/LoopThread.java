package dev.salvor.controller.loop;

import dev.salvor.controller.journal.JournalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Drives a loop on one thread from one bounded queue. Anybody may post; a poster waits when the
/// queue is full.
public final class LoopThread implements AutoCloseable {
  /// Enough for a second of ten thousand agents; beyond it, posters wait and agents feel it as
  /// back-pressure.
  private static final int QUEUE = 20_000;

  private static final int BATCH = 1_000;

  private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Loop loop;
  private final Duration tick;
  private final Consumer<Throwable> died;
  private final Thread thread;
  private volatile boolean ending;

  /// Takes a loop that has recovered.
  ///
  /// @param tick longest time between two turns
  /// @param died told when the loop cannot go on: nothing may be done that is not journaled
  public LoopThread(Loop loop, Duration tick, Consumer<Throwable> died) {
    this.loop = loop;
    this.tick = tick;
    this.died = died;
    this.thread = Thread.ofPlatform().name("loop").unstarted(this::drive);
  }

  public void start() {
    thread.start();
  }

  /// Enqueues; waits while the queue is full.
  public void post(Event event) {
    try {
      queue.put(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drive() {
    try {
      while (!ending) {
        loop.turn(gather());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (JournalException | RuntimeException | Error e) {
      died.accept(e);
    }
  }

  private List<Event> gather() throws InterruptedException {
    List<Event> batch = new ArrayList<>();
    Event first = queue.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
    batch.add(first == null ? new Event.Tick() : first);
    queue.drainTo(batch, BATCH);
    return batch;
  }

  /// Ends after the present turn.
  @Override
  public void close() {
    ending = true;
    queue.offer(new Event.Tick());
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
