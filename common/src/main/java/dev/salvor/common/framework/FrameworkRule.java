package dev.salvor.common.framework;

import java.io.IOException;
import java.util.Set;

/// One framework's way of writing a checkpoint. Stateless.
public interface FrameworkRule {
  /// The framework's: "hf-trainer", "deepspeed".
  String name();

  /// The unit's format, in lower case letters, digits and dashes.
  default String format(Listing files) {
    return name();
  }

  /// Whether a directory with these direct entries is one checkpoint by itself, whatever it is
  /// called.
  default boolean marks(String directory, Set<String> entries) {
    return false;
  }

  boolean recognises(Listing files);

  /// Only asked where it recognises the files. Reads small records; throws only where the disk
  /// fails.
  Finding judge(Listing files) throws IOException;
}
