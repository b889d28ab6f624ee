package dev.salvor.controller.cargo;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/// Receiving or keeping cargo failed; the kind says whether trying again can help.
public sealed class CargoException extends Exception permits S3Wire.Missing, S3Wire.Unsupported {
  /// What went wrong.
  public enum Kind {
    /// The box asked for something no honest agent asks for.
    HOSTILE,
    /// The workstation's disk has no room; the copy goes on once it has.
    DISK_FULL,
    /// The workstation's disk failed otherwise.
    DISK_FAILED,
    /// Another connection carries the same unit now.
    SUPERSEDED,
    /// A store did not answer, or not well; it may later.
    STORE_FAILED,
    /// A store said no, and will again: a key, a right or a name is wrong.
    STORE_REFUSED
  }

  private final Kind kind;

  CargoException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  private CargoException(Kind kind, String message, IOException cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public boolean retryable() {
    return switch (kind) {
      case DISK_FULL, DISK_FAILED, STORE_FAILED -> true;
      case HOSTILE, SUPERSEDED, STORE_REFUSED -> false;
    };
  }

  /// Something that only a person can mend.
  public static CargoException refused(String message) {
    return new CargoException(Kind.STORE_REFUSED, message);
  }

  /// The disk's own words decide between full and failed: Java has no other way to tell.
  static CargoException of(String tried, IOException cause) {
    String why =
        cause instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : String.valueOf(cause.getMessage());
    String lower = why.toLowerCase(Locale.ROOT);
    boolean full = lower.contains("no space left") || lower.contains("quota exceeded");
    return new CargoException(
        full ? Kind.DISK_FULL : Kind.DISK_FAILED,
        tried + ": " + why + (full ? ". Free some space; the copy resumes by itself." : "."),
        cause);
  }
}
