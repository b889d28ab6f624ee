package dev.salvor.agent.core;

/// The lease while this agent lives, by the clock that never jumps (monotonic ms).
///
/// @param untilAt when it ends
/// @param idleSince since when the box has had neither job nor controller; NEVER while it has one
/// @param spent it had ended before this boot: nothing starts here without an order
/// @param phase what came of its end
record LeaseClock(long untilAt, long idleSince, boolean spent, Phase phase) {
  static final long NEVER = Long.MAX_VALUE;

  /// A box that was just started, by whomever, is given time to find its controller.
  static final long BOOT_MS = 600_000;

  /// What the end of a lease leads to.
  sealed interface Phase {
    /// It has not ended.
    record Granted() implements Phase {}

    /// It has ended, nothing can be done about it here, and that was said.
    record Told() implements Phase {}

    /// The job was asked for a checkpoint, at that time; it ends when there is one.
    record Asking(long since) implements Phase {}

    /// The job was told to save and end, at that time.
    record Ending(long since) implements Phase {}

    /// The platform was told to stop the box so many times; the next is due then. `final` when a
    /// controller that comes back changes nothing any more: the job was ended for it.
    record Stopping(int tries, long nextAt, boolean decided) implements Phase {}
  }

  static LeaseClock restored(Lease lease, Moment now, boolean newBoot) {
    boolean granted = lease.untilMs() > 0;
    long left = granted ? lease.untilMs() - now.wallMs() : lease.leftMs();
    long least = newBoot ? BOOT_MS : 0;
    long most = Math.max(least, lease.leftMs());
    long idle = NEVER;
    if (!newBoot && lease.idleSinceMs() > 0) {
      idle = now.monoMs() - Math.clamp(now.wallMs() - lease.idleSinceMs(), 0, lease.graceMs());
    }
    return new LeaseClock(
        now.monoMs() + Math.clamp(left, least, most),
        idle,
        granted && left <= 0,
        new Phase.Granted());
  }

  LeaseClock until(long at) {
    return new LeaseClock(at, idleSince, false, phase);
  }

  LeaseClock idle(long since) {
    return new LeaseClock(untilAt, since, spent, phase);
  }

  LeaseClock in(Phase next) {
    return new LeaseClock(untilAt, idleSince, spent, next);
  }
}
