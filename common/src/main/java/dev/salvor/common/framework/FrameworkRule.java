package dev.salvor.common.framework;

import java.io.IOException;
import java.util.Set;

/// One framework's way of writing a checkpoint. Stateless.
public interface FrameworkRule {
  /// The unit's format: "hf-trainer", "deepspeed".
  String name();

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
