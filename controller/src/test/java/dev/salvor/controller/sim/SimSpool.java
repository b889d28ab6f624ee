package dev.salvor.controller.sim;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.loop.Event;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// What an agent has to say: remembered, said in order on each line, and said again until it is
/// acknowledged.
final class SimSpool {
  private final Sim sim;
  private final World world;
  private final SimBox box;
  private final Map<Long, Function<Instant, Fact>> spool = new LinkedHashMap<>();
  private long spooled;
  private long lastFrameAt;

  SimSpool(Sim sim, SimBox box) {
    this.sim = sim;
    this.world = sim.world;
    this.box = box;
  }

  /// Remembers, then says it until it is acknowledged. A line of 0 is none.
  void report(long line, Function<Instant, Fact> event) {
    spool.put(++spooled, event);
    sendSpooled(line, spooled);
  }

  void sendAll(long line) {
    List.copyOf(spool.keySet()).forEach(seq -> sendSpooled(line, seq));
  }

  /// A disk that took nothing kept nothing: the agent that comes next looks anew.
  void forgetUnits() {
    if (spool.values().removeIf(event -> event.apply(Instant.EPOCH) instanceof Fact.UnitSeen)) {
      box.disk.captured.clear();
    }
  }

  private void sendSpooled(long line, long seq) {
    Function<Instant, Fact> event = spool.get(seq);
    if (line == 0 || event == null) {
      return;
    }
    send(
        line,
        () -> {
          Fact fact = event.apply(sim.station.now());
          Runnable ack = () -> world.in(world.between(10, 200), () -> acknowledged(line, seq));
          return new Event.Happened(box.voyage.run, fact, ack);
        });
  }

  private void acknowledged(long line, long seq) {
    if (box.agent.connection() == line && !sim.weather.cutDown() && !box.halfOpen()) {
      spool.remove(seq);
    }
  }

  /// A frame that leaves now would arrive.
  boolean passes() {
    return !sim.weather.cutUp() && !box.hostOffline && !box.halfOpen();
  }

  /// Frames of one connection arrive in order, or not at all.
  void send(long line, Supplier<Event> event) {
    long delay =
        sim.weather.is(FaultKind.DELAY) ? world.between(500, 15_000) : world.between(5, 150);
    if (sim.weather.is(FaultKind.FRAME_LOSS) && world.oneIn(20)) {
      sim.station.hangUp(box);
      return;
    }
    lastFrameAt = Math.max(lastFrameAt, world.ms() + delay);
    world.in(
        lastFrameAt - world.ms(),
        () -> {
          if (sim.station.open(line) && passes()) {
            sim.station.post(event.get());
          }
        });
  }
}
