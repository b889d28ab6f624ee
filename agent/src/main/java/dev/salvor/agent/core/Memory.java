package dev.salvor.agent.core;

import java.util.ArrayList;
import java.util.List;

/// What of the core survives a restart of the agent, and what of that survives a boot.
///
/// @param ordersDone ids of orders taken, oldest first, bounded
/// @param leaseUntilMs until when the box may spend money without a controller (ms since the epoch,
///   controller's clock); 0 before the first lease
public record Memory(
    Assignment assignment,
    BootNotes notes,
    boolean everStarted,
    boolean fenced,
    List<String> ordersDone,
    List<CarryOrder> carries,
    long leaseUntilMs) {
  /// Far more than a run's orders between two answers of the controller.
  static final int MAX_ORDERS = 512;

  public Memory {
    ordersDone = List.copyOf(ordersDone);
    carries = List.copyOf(carries);
  }

  /// Of a disk that never saw an agent.
  public static Memory fresh(int boot) {
    return new Memory(
        new Assignment.Open(), BootNotes.fresh(boot), false, false, List.of(), List.of(), 0);
  }

  /// What is still true on this boot: the same memory if it is of this boot.
  public Memory atBoot(int boot) {
    if (notes.boot() == boot) {
      return this;
    }
    return new Memory(
        assignment,
        BootNotes.fresh(boot),
        everStarted,
        fenced,
        ordersDone,
        List.of(),
        leaseUntilMs);
  }

  Memory withAssignment(Assignment given) {
    return new Memory(given, notes, everStarted, fenced, ordersDone, carries, leaseUntilMs);
  }

  Memory withNotes(BootNotes changed) {
    return new Memory(assignment, changed, everStarted, fenced, ordersDone, carries, leaseUntilMs);
  }

  Memory withEverStarted() {
    return new Memory(assignment, notes, true, fenced, ordersDone, carries, leaseUntilMs);
  }

  Memory withFenced(boolean is) {
    return new Memory(assignment, notes, everStarted, is, ordersDone, carries, leaseUntilMs);
  }

  Memory withOrder(String id) {
    List<String> orders = new ArrayList<>(ordersDone);
    orders.add(id);
    if (orders.size() > MAX_ORDERS) {
      orders.removeFirst();
    }
    return new Memory(assignment, notes, everStarted, fenced, orders, carries, leaseUntilMs);
  }

  Memory withCarries(List<CarryOrder> left) {
    return new Memory(assignment, notes, everStarted, fenced, ordersDone, left, leaseUntilMs);
  }

  Memory withLease(long untilMs) {
    return new Memory(assignment, notes, everStarted, fenced, ordersDone, carries, untilMs);
  }
}
