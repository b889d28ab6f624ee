package dev.salvor.controller.sim;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Virtual time, chance and order: everything in a simulation happens as an event here, one at a
/// time, by time and then by age. The same seed gives the same events.
final class World {
  private static final long BEGIN_MS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final int TAIL = 600;
  private static final long FNV_PRIME = 0x100000001b3L;

  private record Due(long at, long id, Runnable action) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(id, other.id);
    }
  }

  /// A line of the story.
  private record Noted(long ms, String line) {
    @Override
    public String toString() {
      return "%9.3f %s".formatted(ms / 1000.0, line);
    }
  }

  final SplittableRandom chance;
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final Deque<Noted> tail = new ArrayDeque<>();
  private long ms;
  private long nextId;
  private long events;
  private long hash = 0xcbf29ce484222325L;

  World(long seed) {
    this.chance = new SplittableRandom(seed);
  }

  /// Milliseconds since the simulation began.
  long ms() {
    return ms;
  }

  Instant now() {
    return Instant.ofEpochMilli(BEGIN_MS + ms);
  }

  long events() {
    return events;
  }

  long hash() {
    return hash;
  }

  /// The newest lines, for people.
  List<String> tail() {
    return tail.stream().map(Noted::toString).toList();
  }

  void in(long delayMs, Runnable action) {
    queue.add(new Due(ms + Math.max(0, delayMs), nextId++, action));
  }

  /// Runs the next event; false when there is none.
  boolean step() {
    Due due = queue.poll();
    if (due == null) {
      return false;
    }
    ms = due.at();
    events++;
    hash = (hash ^ ms) * FNV_PRIME;
    due.action().run();
    return true;
  }

  /// Writes down what happened.
  void note(String line) {
    hash = (hash ^ line.hashCode()) * FNV_PRIME;
    tail.addLast(new Noted(ms, line));
    if (tail.size() > TAIL) {
      tail.removeFirst();
    }
  }

  /// A number of milliseconds, both ends included.
  long between(long fromMs, long toMs) {
    return chance.nextLong(fromMs, toMs + 1);
  }

  boolean oneIn(int n) {
    return chance.nextInt(n) == 0;
  }
}
