package dev.salvor.controller.core;

import java.time.Instant;

/// What a rental's agent has told of itself and what it was told.
///
/// @param boot newest boot that joined; 0 before the first
/// @param told newest boot that an order to proceed was made for
/// @param proceeded newest boot whose order to proceed was delivered
/// @param restarts times the job was started again after it failed
/// @param disk what its disk holds of the job
/// @param starts of this boot's job
/// @param fit whether its disk has what the job needs beforehand
/// @param room what its disk was said to be short of
public record Aboard(
    int boot,
    int told,
    int proceeded,
    int restarts,
    Disk disk,
    Farewell farewell,
    Starts starts,
    Fit fit,
    Room room) {

  /// Nobody spoke yet.
  static Aboard nobody(Disk disk) {
    return new Aboard(
        0,
        0,
        0,
        0,
        disk,
        Farewell.NONE,
        new Starts(0, 0, Instant.EPOCH),
        Fit.NOT_TRIED,
        Room.ENOUGH);
  }

  /// The starts of one boot's job, and what is asked of it.
  ///
  /// @param asks checkpoints that were asked for and the box was not told of yet
  /// @param askedAt when the box was last told of one
  record Starts(int newest, int asks, Instant askedAt) {
    Starts at(int start) {
      return new Starts(start, asks, askedAt);
    }

    Starts wanting() {
      return new Starts(newest, 1, askedAt);
    }

    Starts asked(Instant at) {
      return new Starts(newest, 0, at);
    }
  }

  /// An order to start was ever made, whether it is known to have arrived or not: from then on its
  /// disk may hold cargo.
  public boolean everOrdered() {
    return disk != Disk.NEW;
  }

  /// The newest start of this boot that was heard of or ordered; 0 before the first.
  public int start() {
    return starts.newest();
  }

  /// Checkpoints that are wanted and the box was not told of yet.
  public int asks() {
    return starts.asks();
  }

  /// The present boot has said that its disk is short.
  public boolean isShort() {
    return boot > 0 && room.boot() == boot;
  }

  /// When the job was last asked for a checkpoint; long ago if never.
  public Instant askedAt() {
    return starts.askedAt();
  }

  Aboard joined(int newBoot, int newTold) {
    Starts since = starts.at(newBoot == boot ? starts.newest() : 0);
    return new Aboard(newBoot, newTold, newTold, restarts, disk, farewell, since, fit, room);
  }

  Aboard ordered(int to, boolean again) {
    int more = again ? 1 : 0;
    // What is still to come of the start before it, comes too late.
    Starts next = starts.at(starts.newest() + more);
    Disk now = disk == Disk.NEW ? Disk.TOLD : disk;
    return new Aboard(boot, to, proceeded, restarts + more, now, farewell, next, fit, room);
  }

  Aboard delivered(int to) {
    return new Aboard(boot, told, to, restarts, disk, farewell, starts, fit, room);
  }

  /// The order of a boot did not arrive, as far as we know: it is made again.
  Aboard undelivered(int to) {
    int known = Math.min(proceeded, to - 1);
    return new Aboard(boot, to - 1, known, restarts, disk, farewell, starts, fit, room);
  }

  /// The job is known to have begun on this disk, or what it begins from to be there whole.
  Aboard own() {
    return new Aboard(boot, told, proceeded, restarts, Disk.OWN, farewell, starts, fit, room);
  }

  /// No job began on this disk, by what the box says of its first boot.
  Aboard untouched() {
    return new Aboard(boot, told, proceeded, restarts, Disk.NEW, farewell, starts, fit, room);
  }

  Aboard with(Farewell next) {
    return new Aboard(boot, told, proceeded, restarts, disk, next, starts, fit, room);
  }

  Aboard at(int newStart) {
    return with(starts.at(newStart));
  }

  Aboard with(Starts next) {
    return new Aboard(boot, told, proceeded, restarts, disk, farewell, next, fit, room);
  }

  Aboard with(Fit next) {
    return new Aboard(boot, told, proceeded, restarts, disk, farewell, starts, next, room);
  }

  Aboard with(Room next) {
    return new Aboard(boot, told, proceeded, restarts, disk, farewell, starts, fit, next);
  }
}
