package dev.salvor.agent.loop;

import dev.salvor.agent.core.AgentEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one queue into the loop. Callbacks put and return.
public final class Inbox {
  /// Orders and acknowledgements come one by one and the loop is quick: this is never near full.
  private static final int BOUND = 1024;

  private final BlockingQueue<Item> items = new ArrayBlockingQueue<>(BOUND);

  /// From anything but a stream.
  public void put(AgentEvent event) {
    put(event, 0);
  }

  /// From the stream of that dial; dropped if another one has taken its place.
  void put(AgentEvent event, long dial) {
    try {
      items.put(new Item(event, dial));
    } catch (InterruptedException e) {
      // Only a process that ends interrupts: the event is moot.
      Thread.currentThread().interrupt();
    }
  }

  @Nullable Item poll(long waitMs) throws InterruptedException {
    return waitMs <= 0 ? items.poll() : items.poll(waitMs, TimeUnit.MILLISECONDS);
  }

  /// An event and the dial it belongs to; 0 for none.
  record Item(AgentEvent event, long dial) {}
}
