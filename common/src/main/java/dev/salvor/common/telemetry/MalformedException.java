package dev.salvor.common.telemetry;

/// Bytes that are not what they were taken for, or not all of it.
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedException(String why) {
    super(why);
  }

  /// What is wrong, in words.
  public String why() {
    return String.valueOf(getMessage());
  }
}
