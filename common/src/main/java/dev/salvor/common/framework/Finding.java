package dev.salvor.common.framework;

import java.util.OptionalLong;

/// What a framework's rule says of a checkpoint's files.
///
/// @param step by the framework's own record, else by the name; empty where neither tells
/// @param why what is missing or wrong; empty where nothing is
public record Finding(State state, OptionalLong step, String why) {
  /// How far its writer got, as far as names, sizes and records tell.
  public enum State {
    /// The framework's own commit rule holds.
    COMMITTED,
    /// Every part is there, and nothing says whether the writer was done with them.
    WHOLE,
    /// A part or the commit marker is missing: not finished, or never to be.
    INCOMPLETE,
    /// A part is not what the checkpoint's own record says.
    TORN
  }

  static Finding committed(OptionalLong step) {
    return new Finding(State.COMMITTED, step, "");
  }

  static Finding whole(OptionalLong step) {
    return new Finding(State.WHOLE, step, "");
  }

  static Finding incomplete(OptionalLong step, String why) {
    return new Finding(State.INCOMPLETE, step, why);
  }

  static Finding torn(OptionalLong step, String why) {
    return new Finding(State.TORN, step, why);
  }

  /// Whether nothing is known to be missing or wrong.
  public boolean complete() {
    return state == State.COMMITTED || state == State.WHOLE;
  }

  /// Every part is there and the framework's note of its last checkpoint says how far it got.
  static Finding byNote(OptionalLong step, OptionalLong noted) {
    if (noted.isEmpty() || step.isEmpty() || noted.getAsLong() > step.getAsLong()) {
      // An older one may have been torn by a crash before the note moved past it.
      return whole(step);
    }
    return noted.getAsLong() == step.getAsLong()
        ? committed(step)
        : incomplete(step, "its trainer's note still names step " + noted.getAsLong());
  }
}
