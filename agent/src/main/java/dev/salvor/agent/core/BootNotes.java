package dev.salvor.agent.core;

/// What happened on one boot so far.
///
/// @param proceeded this boot's job was allowed to start, by order or by its own clock
/// @param startReported the JobStarted of this boot is spooled
/// @param endReported the JobEnded of this boot is spooled
/// @param held nothing starts here without a new order: the box was quiesced, or its job stopped
/// @param quiesceAsked a Quiesce came and was not answered yet
/// @param position highest capture sequence reported of this boot; 0 for none
public record BootNotes(
    int boot,
    boolean proceeded,
    boolean startReported,
    boolean endReported,
    boolean held,
    boolean quiesceAsked,
    long position) {
  public static BootNotes fresh(int boot) {
    return new BootNotes(boot, false, false, false, false, false, 0);
  }

  BootNotes withProceeded(boolean is) {
    return new BootNotes(boot, is, startReported, endReported, held, quiesceAsked, position);
  }

  /// The job may start once more on this boot.
  BootNotes again() {
    return new BootNotes(boot, proceeded, false, false, held, quiesceAsked, position);
  }

  BootNotes withStartReported() {
    return new BootNotes(boot, proceeded, true, endReported, held, quiesceAsked, position);
  }

  BootNotes withEndReported() {
    return new BootNotes(boot, proceeded, startReported, true, held, quiesceAsked, position);
  }

  BootNotes withHeld(boolean is) {
    return new BootNotes(boot, proceeded, startReported, endReported, is, quiesceAsked, position);
  }

  BootNotes withQuiesceAsked(boolean is) {
    return new BootNotes(boot, proceeded, startReported, endReported, held, is, position);
  }

  BootNotes withPosition(long to) {
    return new BootNotes(boot, proceeded, startReported, endReported, held, quiesceAsked, to);
  }
}
