package dev.salvor.common.telemetry.log;

/// Something in the kernel's log that concerns a job on a rented box.
public sealed interface KernelEvent {
  /// An error number of NVIDIA's driver.
  ///
  /// @param card its PCI address
  record XidEvent(int number, String card, String detail) implements KernelEvent {}

  /// A card that is gone or cannot be started, told without a number.
  record CardGone(String card, String said) implements KernelEvent {}

  /// The driver as a whole does not work: another version than its library, or no card at all.
  record DriverFault(String said) implements KernelEvent {}

  /// A process killed for its memory.
  ///
  /// @param place the container whose limit it hit, or "" where the whole host ran out
  /// @param resident bytes it held in memory, -1 where that is not told
  /// @param limit bytes of the container, -1 where that is not told
  record OutOfMemory(String process, long pid, String place, long resident, long limit)
      implements KernelEvent {}

  /// A process that broke its own memory.
  ///
  /// @param in the library or program where it happened, or ""
  record Segfault(String process, long pid, String in) implements KernelEvent {}

  /// The driver or the fabric of a many-card host complains, and goes on.
  record Complaint(String said) implements KernelEvent {}
}
