package dev.salvor.common.format;

import java.io.IOException;

/// One kind of file a checkpoint may consist of: told by content first, then by name.
public interface Format {
  /// What an inspection calls the format.
  String name();

  /// Whether the bytes say so, whatever the name.
  boolean isContentOf(Content content) throws IOException;

  /// Whether the name says so, where no format's content does.
  default boolean isNameOf(Content content) throws IOException {
    return false;
  }

  /// Reads the file and judges it. Bytes that break the format throw DamagedException or any of the
  /// JDK's complaints about malformed input; a disk that fails throws any other IOException.
  Inspection inspect(Content content) throws IOException;
}
