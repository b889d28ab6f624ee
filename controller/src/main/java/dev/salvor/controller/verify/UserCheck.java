package dev.salvor.controller.verify;

import java.time.Duration;

/// A command of the user's that must also accept a copy before it counts: `python verify_local.py
/// {path}`. It runs on the user's own machine, by their wish, after everything else has passed.
///
/// @param command for the shell; {path} stands for the copy, quoted
/// @param timeout after which it is killed, and the copy is refused
public record UserCheck(String command, Duration timeout) {
  private static final String PATH = "{path}";

  public UserCheck {
    if (command.isBlank() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("A verify command and a positive timeout: " + command);
    }
  }

  /// With the place put in, quoted for the shell.
  String on(java.nio.file.Path copy) {
    return command.replace(PATH, "'" + copy.toString().replace("'", "'\\''") + "'");
  }
}
