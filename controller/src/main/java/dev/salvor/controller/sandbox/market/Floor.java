package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.sandbox.box.BoxException;
import java.util.Locale;

/// The moves of one instance, each with its line in the log: what calls and time alike may do to
/// it.
final class Floor {
  private final Books books;
  private final BoxHost host;
  private final MarketLog log;
  private final Pace pace;
  private final Auction auction;

  Floor(Books books, BoxHost host, Market.Parts parts) {
    this.books = books;
    this.host = host;
    this.log = parts.log();
    this.pace = parts.pace();
    this.auction = new Auction(books, parts.rivals());
  }

  Auction auction() {
    return auction;
  }

  Books books() {
    return books;
  }

  BoxHost host() {
    return host;
  }

  /// How long this start takes in all.
  long startMs(Instance instance) {
    return startMs(instance.id(), instance.machine());
  }

  long startMs(long instance, long machine) {
    return pace.startMs(books.seed, instance, books.condition(machine).letsInAll());
  }

  /// Puts the instance's new life into the books, and into the log where its status changed.
  Instance move(Instance instance, Instance.Life next, long nowMs) {
    Instance moved = instance.with(next);
    books.instances.put(instance.id(), moved);
    if (next.stage() != instance.life().stage() || next.cause() != instance.life().cause()) {
      ObjectNode detail = MarketLog.detail();
      detail.put("from", instance.life().stage().word().orElse(null));
      detail.put("to", next.stage().word().orElse(null));
      if (next.cause() != Cause.NONE) {
        detail.put("cause", next.cause().name().toLowerCase(Locale.ROOT));
      }
      detail.put("message", next.message());
      log.append(nowMs, "status", instance.id(), detail);
    }
    return moved;
  }

  void note(long nowMs, String kind, long instance, ObjectNode detail) {
    log.append(nowMs, kind, instance, detail);
  }

  /// SIGKILL to all of the box, then down for this reason.
  Instance bring(Instance instance, Cause why, String message, long nowMs) throws BoxException {
    kill(instance, nowMs);
    return move(instance, instance.life().down(why, nowMs, message), nowMs);
  }

  void kill(Instance instance, long nowMs) throws BoxException {
    boolean hadBox = instance.life().sshPort() > 0;
    host.kill(instance.id());
    if (hadBox) {
      log.append(nowMs, "box_killed", instance.id(), MarketLog.detail().put("signal", "KILL"));
    }
  }

  /// Sets the instance on its way up: still exited for a while, as on the platform.
  Instance begin(Instance instance, long nowMs) {
    long due = nowMs + startMs(instance) / 4;
    var stuck =
        books.faults.take(Fault.Kind.STUCK_SCHEDULING, nowMs, f -> f.concerns(instance.id()));
    if (stuck.isPresent()) {
      note(nowMs, "fault", instance.id(), MarketLog.detail().put("fault", "stuck_scheduling"));
      due = until(stuck.get(), nowMs);
    }
    return move(instance, instance.life().because(Cause.NONE, due), nowMs);
  }

  /// How many seconds a fault lasts that may name no end.
  static double lasts(Fault fault) {
    return fault.amounts().forS() > 0 ? fault.amounts().forS() : 1e12;
  }

  /// Until when a fault lasts that names no end: for good.
  static long until(Fault fault, long nowMs) {
    double seconds = fault.amounts().forS();
    return seconds > 0 ? nowMs + (long) (seconds * 1000) : Long.MAX_VALUE;
  }

  /// Whether the instance could run: host there, bid high enough, GPUs free, credit left, contract
  /// not over.
  boolean canRun(Instance instance, long nowMs) {
    return !books.condition(instance.machine()).isOffline(nowMs)
        && auction.gets(instance, nowMs)
        && books.credit > 0
        && nowMs < instance.terms().endMs();
  }
}
