package dev.salvor.agent.core;

import java.util.ArrayList;
import java.util.List;

/// What of the core survives a restart of the agent, and what of that survives a boot.
///
/// @param ordersDone ids of orders taken, oldest first, bounded
/// @param lease what the box may spend without a controller
/// @param faults of its cards, on this boot
public record Memory(
    Assignment assignment,
    BootNotes notes,
    boolean everStarted,
    boolean fenced,
    List<String> ordersDone,
    List<CarryOrder> carries,
    Lease lease,
    JobNotes job,
    GpuFaults faults) {
  /// Far more than a run's orders between two answers of the controller.
  static final int MAX_ORDERS = 512;

  public Memory {
    ordersDone = List.copyOf(ordersDone);
    carries = List.copyOf(carries);
  }

  /// Whose cards are well.
  public Memory(
      Assignment assignment,
      BootNotes notes,
      boolean everStarted,
      boolean fenced,
      List<String> ordersDone,
      List<CarryOrder> carries,
      Lease lease,
      JobNotes job) {
    this(assignment, notes, everStarted, fenced, ordersDone, carries, lease, job, GpuFaults.NONE);
  }

  /// Of a job that started once at most.
  public Memory(
      Assignment assignment,
      BootNotes notes,
      boolean everStarted,
      boolean fenced,
      List<String> ordersDone,
      List<CarryOrder> carries,
      Lease lease) {
    this(assignment, notes, everStarted, fenced, ordersDone, carries, lease, JobNotes.FRESH);
  }

  /// Of a disk that never saw an agent.
  public static Memory fresh(int boot) {
    return new Memory(
        new Assignment.Open(),
        BootNotes.fresh(boot),
        false,
        false,
        List.of(),
        List.of(),
        Lease.NONE);
  }

  /// What is still true on this boot: the same memory if it is of this boot.
  public Memory atBoot(int boot) {
    if (notes.boot() == boot) {
      return this;
    }
    // What was quiesced, stopped or done stays so until an order to proceed ends it.
    return new Memory(
        assignment,
        BootNotes.fresh(boot).withHeld(notes.held()),
        everStarted,
        fenced,
        ordersDone,
        List.of(),
        lease,
        job.atBoot());
  }

  Memory withAssignment(Assignment given) {
    return new Memory(given, notes, everStarted, fenced, ordersDone, carries, lease, job, faults);
  }

  Memory withNotes(BootNotes changed) {
    return new Memory(
        assignment, changed, everStarted, fenced, ordersDone, carries, lease, job, faults);
  }

  Memory withEverStarted() {
    return new Memory(assignment, notes, true, fenced, ordersDone, carries, lease, job, faults);
  }

  Memory withFenced(boolean is) {
    return new Memory(assignment, notes, everStarted, is, ordersDone, carries, lease, job, faults);
  }

  Memory withOrder(String id) {
    List<String> orders = new ArrayList<>(ordersDone);
    orders.add(id);
    if (orders.size() > MAX_ORDERS) {
      orders.removeFirst();
    }
    return new Memory(assignment, notes, everStarted, fenced, orders, carries, lease, job, faults);
  }

  Memory withCarries(List<CarryOrder> left) {
    return new Memory(assignment, notes, everStarted, fenced, ordersDone, left, lease, job, faults);
  }

  Memory withLease(Lease granted) {
    return new Memory(
        assignment, notes, everStarted, fenced, ordersDone, carries, granted, job, faults);
  }

  Memory withJob(JobNotes changed) {
    return new Memory(
        assignment, notes, everStarted, fenced, ordersDone, carries, lease, changed, faults);
  }

  Memory withFaults(GpuFaults seen) {
    return seen.equals(faults)
        ? this
        : new Memory(assignment, notes, everStarted, fenced, ordersDone, carries, lease, job, seen);
  }
}
