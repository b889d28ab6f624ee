package dev.salvor.controller.main;

import dev.salvor.controller.loop.Event;
import dev.salvor.controller.loop.LoopThread;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// The loop's address, handed out before the loop exists: what is posted early waits for it.
final class Mailbox implements Consumer<Event> {
  private final CompletableFuture<LoopThread> loop = new CompletableFuture<>();

  void open(LoopThread thread) {
    loop.complete(thread);
  }

  @Override
  public void accept(Event event) {
    loop.join().post(event);
  }
}
