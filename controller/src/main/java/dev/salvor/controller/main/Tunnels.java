package dev.salvor.controller.main;

import dev.salvor.common.unit.InstanceId;
import dev.salvor.controller.core.Rental;
import dev.salvor.controller.core.Sight;
import dev.salvor.controller.intake.Caller;
import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.Runs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Holds a way for every rental that the provider shows running: fenced ones too, which must hear
/// that they are.
final class Tunnels implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Consumer<Event> loop;
  private final TunnelLine.Gear gear;
  private final Map<InstanceId, TunnelLine> lines = new HashMap<>();
  private final Thread thread;

  Tunnels(Consumer<Event> loop, TunnelLine.Gear gear) {
    this.loop = loop;
    this.gear = gear;
    this.thread = Thread.ofVirtual().name("tunnels").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        keep(wanted());
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lines.values().forEach(TunnelLine::close);
    }
  }

  private void keep(Map<InstanceId, Caller> wanted) {
    lines
        .entrySet()
        .removeIf(line -> {
          boolean over = !wanted.containsKey(line.getKey());
          if (over) {
            line.getValue().close();
          }
          return over;
        });
    wanted.forEach((instance, caller) ->
        lines.computeIfAbsent(instance, id -> TunnelLine.begin(gear, id, caller)));
  }

  /// What the loop does not answer in time stays as it is.
  private Map<InstanceId, Caller> wanted() throws InterruptedException {
    CompletableFuture<Map<InstanceId, Caller>> answer = new CompletableFuture<>();
    loop.accept(new Event.Asked(runs -> answer.complete(running(runs))));
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Map<InstanceId, Caller> same = new HashMap<>();
      lines.forEach((id, line) -> same.put(id, line.caller()));
      return same;
    }
  }

  private static Map<InstanceId, Caller> running(Runs runs) {
    Map<InstanceId, Caller> running = new HashMap<>();
    runs.states()
        .forEach((run, state) ->
            state
                .rentals()
                .forEach((ref, rental) -> {
                  boolean up =
                      state.spec().box().hasSshd()
                          && rental.seen().sight().is(Sight.Status.RUNNING);
                  if (up && rental.hold() instanceof Rental.Hold.Held held) {
                    running.put(held.instance(), new Caller(run, ref));
                  }
                }));
    return running;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      boolean _ = thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
