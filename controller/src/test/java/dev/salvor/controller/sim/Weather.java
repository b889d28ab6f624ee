package dev.salvor.controller.sim;

/// What is broken in the world right now, and until when.
final class Weather {
  long muteUntil;
  long staleUntil;
  long cutUntil;
  long slowCopyUntil;
  long copyBreaksUntil;
  long lostRepliesUntil;
  long lateRequestsUntil;
  long slowStartsUntil;
  long loadsForeverUntil;
  long loginFailsUntil;

  private final World world;

  Weather(World world) {
    this.world = world;
  }

  boolean mute() {
    return world.ms() < muteUntil;
  }

  boolean stale() {
    return world.ms() < staleUntil;
  }

  boolean cut() {
    return world.ms() < cutUntil;
  }

  boolean slowCopy() {
    return world.ms() < slowCopyUntil;
  }

  boolean copyBreaks() {
    return world.ms() < copyBreaksUntil;
  }

  boolean lostReplies() {
    return world.ms() < lostRepliesUntil;
  }

  boolean lateRequests() {
    return world.ms() < lateRequestsUntil;
  }

  boolean loadsForever() {
    return world.ms() < loadsForeverUntil;
  }

  boolean loginFails() {
    return world.ms() < loginFailsUntil;
  }

  boolean slowStarts() {
    return world.ms() < slowStartsUntil;
  }
}
